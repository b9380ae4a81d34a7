import { Command } from 'ioredis'
import type { Redis } from 'ioredis'
import type { RedisTarget } from '../link/address.js'
import { Backoff } from '../link/backoff.js'
import { connect } from '../link/connect.js'

/**
 * One pub/sub connection per client process, made when the first result is waited for and dropped after the last. Messages may be
 * missed while it is down: `onGap` says when everything pending must be read again.
 */
export class Subscriber {
  readonly #target: RedisTarget
  readonly #channels = new Map<string, number>()
  readonly #backoff = new Backoff()
  readonly #onMessage: (channel: string, message: string) => void
  readonly #onGap: () => void
  #client: Redis | undefined
  #opening: Promise<void> | undefined

  constructor(target: RedisTarget, events: { onMessage(channel: string, message: string): void; onGap(): void }) {
    this.#target = target
    this.#onMessage = events.onMessage
    this.#onGap = events.onGap
  }

  /** Resolves once the channel is subscribed; rejects never: while the server is away it keeps trying, and `onGap` follows. */
  async add(channel: string): Promise<void> {
    const count = this.#channels.get(channel) ?? 0
    this.#channels.set(channel, count + 1)
    if (this.#client === undefined) return this.#open()
    if (count === 0) await this.#subscribe(this.#client, [channel])
  }

  remove(channel: string): void {
    const count = this.#channels.get(channel) ?? 0
    if (count > 1) {
      this.#channels.set(channel, count - 1)
      return
    }
    this.#channels.delete(channel)
    if (this.#channels.size === 0) this.close()
  }

  close(): void {
    this.#channels.clear()
    const client = this.#client
    this.#client = undefined
    client?.disconnect(false)
  }

  #open(): Promise<void> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect(): Promise<void> {
    while (this.#channels.size > 0) {
      const delay = this.#backoff.delay()
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref())
      let client: Redis
      try {
        client = (await connect(this.#target)) as Redis
      } catch {
        this.#backoff.failed()
        continue
      }
      try {
        await this.#subscribeAll(client)
      } catch {
        this.#backoff.failed()
        client.disconnect(false)
        continue
      }
      if (this.#channels.size === 0) {
        client.disconnect(false)
        return
      }
      this.#backoff.reset()
      this.#client = client
      client.on('message', this.#onMessage)
      client.once('close', () => {
        if (this.#client !== client) return
        this.#client = undefined
        client.disconnect(false)
        void this.#open().then(this.#onGap)
      })
      this.#onGap()
      return
    }
  }

  /** Channels may be added while others are being subscribed. */
  async #subscribeAll(client: Redis): Promise<void> {
    const subscribed = new Set<string>()
    for (;;) {
      const missing = [...this.#channels.keys()].filter((channel) => !subscribed.has(channel))
      if (missing.length === 0) return
      await this.#subscribe(client, missing)
      for (const channel of missing) subscribed.add(channel)
    }
  }

  async #subscribe(client: Redis, channels: readonly string[]): Promise<void> {
    await (client.sendCommand(new Command('subscribe', [...channels], { replyEncoding: 'utf8' })) as Promise<unknown>)
  }
}

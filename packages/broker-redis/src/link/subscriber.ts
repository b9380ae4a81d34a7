import type { Redis } from 'ioredis'
import { Command } from 'ioredis'
import type { RedisTarget } from './address.js'
import { Backoff } from './backoff.js'
import { connect } from './connect.js'

interface SubscriberEvents {
  onMessage(channel: string, message: string): void
  onGap(): void
  /** The connection is gone: what is said from now on is missed. */
  onLost(): void
}

/**
 * One pub/sub connection, made when the first channel is wanted and kept: the next one finds it open.
 * It never keeps the process alive. Messages may be missed while it is down: `onGap` says when everything pending must
 * be read again.
 */
export class Subscriber {
  readonly #target: RedisTarget
  readonly #backoff = new Backoff()
  /** Channels in use, and how many waits use them. */
  readonly #used = new Map<string, number>()
  readonly #onMessage: (channel: string, message: string) => void
  readonly #onGap: () => void
  readonly #onLost: () => void
  /** What `#client` is subscribed to: one channel per lane, so they stay. */
  #subscribed = new Map<string, Promise<unknown>>()
  /** Those of them for which the server has said so. */
  #hearing = new Set<string>()
  #client: Redis | undefined
  /** Resolves when `#client` is lost. */
  #lost: Promise<void> = Promise.resolve()
  #opening: Promise<void> | undefined
  #closed = false

  constructor(target: RedisTarget, events: SubscriberEvents) {
    this.#target = target
    this.#onMessage = events.onMessage
    this.#onGap = events.onGap
    this.#onLost = events.onLost
  }

  /** Whether every message of the channel is heard: subscribed, and nothing was missed since. */
  hears(channel: string): boolean {
    return this.#hearing.has(channel)
  }

  /** Resolves once the channel is subscribed. While the server is away it keeps trying; `onGap` follows then. */
  async add(channel: string): Promise<void> {
    this.#used.set(channel, (this.#used.get(channel) ?? 0) + 1)
    if (this.#client === undefined) await this.#open()
    else await this.#subscribe(this.#client, channel)
  }

  remove(channel: string): void {
    const count = this.#used.get(channel) ?? 0
    if (count > 1) this.#used.set(channel, count - 1)
    else this.#used.delete(channel)
  }

  close(): void {
    this.#closed = true
    this.#used.clear()
    this.#client?.disconnect(false)
    this.#client = undefined
  }

  #open(): Promise<void> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect(): Promise<void> {
    while (this.#used.size > 0 && !this.#closed) {
      const delay = this.#backoff.delay()
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref())
      const client = await connect(this.#target).catch(() => undefined)
      if (client === undefined) {
        this.#backoff.failed()
        continue
      }
      this.#backoff.reset()
      if (this.#closed) {
        client.disconnect(false)
        return
      }
      this.#adopt(client as Redis)
      await Promise.all([...this.#used.keys()].map((channel) => this.#subscribe(client as Redis, channel)))
      this.#onGap()
      return
    }
  }

  #adopt(client: Redis): void {
    this.#client = client
    this.#subscribed = new Map()
    this.#hearing = new Set()
    ;(client as { stream?: { unref?(): void } }).stream?.unref?.()
    client.on('message', this.#onMessage)
    this.#lost = new Promise((resolve) => {
      client.once('close', () => {
        resolve()
        if (this.#client !== client) return
        this.#client = undefined
        this.#hearing.clear()
        this.#onLost()
        client.disconnect(false)
        if (this.#used.size > 0) void this.#open()
      })
    })
  }

  /** Rejects never: a connection that is lost meanwhile is opened again, with all channels in use. */
  async #subscribe(client: Redis, channel: string): Promise<void> {
    if (this.#hearing.has(channel)) return
    let asked = this.#subscribed.get(channel)
    if (asked === undefined) {
      const hearing = this.#hearing
      asked = client.sendCommand(new Command('subscribe', [channel], { replyEncoding: 'utf8' })) as Promise<unknown>
      this.#subscribed.set(channel, asked)
      asked.then(
        () => hearing.add(channel),
        () => {},
      )
    }
    await Promise.race([asked, this.#lost]).catch(() => client.disconnect(false))
  }
}

import type { Redis } from 'ioredis'
import { dropClient, openClient } from './open-client.js'
import type { RedisAddress } from './redis-address.js'

/**
 * Hears the releases on one server, over a connection of its own. Only a hint: whoever waits also polls, so a lost
 * connection or message costs time, never more.
 */
export class ReleaseListener {
  readonly #address: RedisAddress
  readonly #onRelease: (channel: string) => void
  readonly #channels = new Map<string, number>()
  #client: Redis | undefined

  constructor(address: RedisAddress, onRelease: (channel: string) => void) {
    this.#address = address
    this.#onRelease = onRelease
  }

  add(channel: string): void {
    const count = this.#channels.get(channel) ?? 0
    this.#channels.set(channel, count + 1)
    if (this.#client === undefined) this.#open()
    else if (count === 0 && this.#client.status === 'ready') this.#client.subscribe(channel).catch(() => {})
  }

  remove(channel: string): void {
    const count = this.#channels.get(channel) ?? 0
    if (count > 1) {
      this.#channels.set(channel, count - 1)
      return
    }
    this.#channels.delete(channel)
    if (this.#client?.status === 'ready') this.#client.unsubscribe(channel).catch(() => {})
  }

  close(): void {
    this.#channels.clear()
    if (this.#client !== undefined) dropClient(this.#client)
    this.#client = undefined
  }

  #open(): void {
    const client = openClient(this.#address, () => {})
    this.#client = client
    client.on('message', (channel: string) => this.#onRelease(channel))
    client.on('ready', () => {
      const channels = [...this.#channels.keys()]
      if (channels.length > 0) client.subscribe(...channels).catch(() => {})
    })
    client.connect().catch(() => {})
  }
}

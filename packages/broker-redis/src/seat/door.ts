import type { RedisTarget } from '../link/address.js'
import { Subscriber } from '../link/subscriber.js'

/**
 * Where the seats of this process hear of jobs that are handed to them unasked: one pub/sub connection, made with the first seat that
 * listens. What is missed while it is down is found by the heartbeats: the store counts more tokens than the worker.
 */
export class Door {
  readonly #subscriber: Subscriber
  readonly #listeners = new Map<string, (text: string) => void>()

  constructor(target: RedisTarget) {
    this.#subscriber = new Subscriber(target, {
      onMessage: (channel, text) => this.#listeners.get(channel)?.(text),
      onGap: () => {},
      onLost: () => {},
    })
  }

  /** Resolves once `hear` is told all that is said on the channel. */
  listen(channel: string, hear: (text: string) => void): Promise<void> {
    this.#listeners.set(channel, hear)
    return this.#subscriber.add(channel)
  }

  forget(channel: string): void {
    if (this.#listeners.delete(channel)) this.#subscriber.remove(channel)
  }

  close(): void {
    this.#listeners.clear()
    this.#subscriber.close()
  }
}

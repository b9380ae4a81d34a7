import type { RedisTarget } from '../link/address.js'
import { Subscriber } from '../link/subscriber.js'

/**
 * Where this process hears what nobody there asked for: jobs that are handed to its seats, and that there are commands to its workers. One
 * pub/sub connection, made when somebody listens. A job that is missed while it is down is found by the heartbeats: the store counts more
 * tokens than the worker.
 */
export class Door {
  readonly #subscriber: Subscriber
  readonly #listeners = new Map<string, (text: string) => void>()
  readonly #missed = new Map<string, () => void>()

  constructor(target: RedisTarget) {
    this.#subscriber = new Subscriber(target, {
      onMessage: (channel, text) => this.#listeners.get(channel)?.(text),
      onGap: () => {
        for (const missed of this.#missed.values()) missed()
      },
      onLost: () => {},
    })
  }

  /** Resolves once `hear` is told all that is said on the channel. `missed` is called when something may have been said unheard. */
  listen(channel: string, hear: (text: string) => void, missed?: () => void): Promise<void> {
    this.#listeners.set(channel, hear)
    if (missed !== undefined) this.#missed.set(channel, missed)
    return this.#subscriber.add(channel)
  }

  forget(channel: string): void {
    this.#missed.delete(channel)
    if (this.#listeners.delete(channel)) this.#subscriber.remove(channel)
  }

  close(): void {
    this.#listeners.clear()
    this.#missed.clear()
    this.#subscriber.close()
  }
}

import type { Lane } from '@millrace/broker'
import { BrokerUnavailableError } from '@millrace/core'
import type { AppStore } from './store/app-store.js'
import type { LaneStore } from './store/lane-store.js'

// Taken once, so that a test's fake timers do not stop the broker.
const nextTurn = globalThis.setImmediate

/** One open broker's way to the store. */
export class Connection {
  readonly #store: AppStore
  readonly #closing = new AbortController()

  constructor(store: AppStore) {
    this.#store = store
  }

  /** Aborts when the broker is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  close(): void {
    this.#closing.abort(this.#refusal())
  }

  /** @throws BrokerUnavailableError once closed */
  store(): AppStore {
    if (this.closed.aborted) throw this.#refusal()
    return this.#store
  }

  lane(lane: Lane): LaneStore {
    const store = this.store().lane(lane)
    store.called()
    return store
  }

  /**
   * Lets timers and I/O run first. Without it a worker that drains a long queue of handlers that never wait would hold
   * the process: no call of this broker waits for anything real.
   */
  turn(): Promise<void> {
    return new Promise((resolve) => nextTurn(resolve))
  }

  #refusal(): BrokerUnavailableError {
    return new BrokerUnavailableError({ what: 'the broker was closed' })
  }
}

import { pause } from '../run/until.js'

export interface SteadyLoadOptions {
  /** Enqueues so many jobs. */
  readonly feed: (count: number) => Promise<void>
  readonly batch: number
  readonly everyMs: number
  /** Stops by itself after so many. */
  readonly total?: number
}

/** A producer that goes on while faults happen. */
export class SteadyLoad {
  fed = 0
  #going = true
  readonly #done: Promise<void>

  constructor(private readonly options: SteadyLoadOptions) {
    this.#done = this.#run()
    // Reported by `stop`.
    this.#done.catch(() => undefined)
  }

  /** Resolves once the last call has settled. */
  stop(): Promise<void> {
    this.#going = false
    return this.#done
  }

  async #run(): Promise<void> {
    const { feed, batch, everyMs, total = Number.POSITIVE_INFINITY } = this.options
    while (this.#going && this.fed < total) {
      const count = Math.min(batch, total - this.fed)
      await feed(count)
      this.fed += count
      await pause(everyMs)
    }
  }
}

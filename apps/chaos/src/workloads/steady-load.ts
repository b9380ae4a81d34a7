import { pause } from '../run/until.js'

export interface SteadyLoadOptions {
  /** Enqueues so many jobs. */
  readonly feed: (count: number) => Promise<void>
  readonly batch: number
  readonly everyMs: number
}

/** A producer that goes on while faults happen. */
export class SteadyLoad {
  fed = 0
  #going = true
  #feeding: Promise<void> = Promise.resolve()
  #held: Promise<void> | undefined
  readonly #done: Promise<void>

  constructor(private readonly options: SteadyLoadOptions) {
    this.#done = this.#run()
    // Reported by `stop`.
    this.#done.catch(() => undefined)
  }

  /** Calls nothing while `meanwhile` runs; begins it when the last call has settled. */
  async hold(meanwhile: () => Promise<void>): Promise<void> {
    let release = () => {}
    this.#held = new Promise((resolve) => {
      release = resolve
    })
    try {
      await this.#feeding
      await meanwhile()
    } finally {
      this.#held = undefined
      release()
    }
  }

  /** Resolves once the last call has settled. */
  stop(): Promise<void> {
    this.#going = false
    return this.#done
  }

  async #run(): Promise<void> {
    const { feed, batch, everyMs } = this.options
    while (this.#going) {
      if (this.#held !== undefined) await this.#held
      this.#feeding = feed(batch)
      await this.#feeding
      this.fed += batch
      await pause(everyMs)
    }
  }
}

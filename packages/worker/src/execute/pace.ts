/** Handlers slower than this get no read-ahead: their jobs must not wait here while another worker idles. */
const FAST_MS = 2
/** How much work may wait in the process beyond what runs. */
const AHEAD_MS = 5
const MAX_AHEAD = 2_000
const WEIGHT = 0.03

/** How fast handlers are: moving averages of an attempt's duration and of the share of it that held the thread. */
export class Pace {
  #durationMs = Number.NaN
  #threadMs = Number.NaN

  /** An attempt that ended in the turn that started it. */
  synchronous(durationMs: number): void {
    this.#durationMs = follow(this.#durationMs, durationMs)
    this.#threadMs = follow(this.#threadMs, durationMs)
  }

  /** An attempt that outlived its turn. */
  asynchronous(durationMs: number): void {
    this.#durationMs = follow(this.#durationMs, durationMs)
  }

  /** The synchronous start of an attempt that outlives its turn. */
  held(threadMs: number): void {
    this.#threadMs = follow(this.#threadMs, threadMs)
  }

  /** Waiting jobs were found stuck: believe nothing until it has been measured again. */
  distrust(): void {
    this.#durationMs = Number.NaN
    this.#threadMs = Number.NaN
  }

  /** How many jobs beyond `concurrency` would start within 5 ms. 0 while unknown or slow. */
  ahead(concurrency: number): number {
    if (!(this.#durationMs < FAST_MS)) return 0
    const perJobMs = Math.max(this.#threadMs, this.#durationMs / concurrency, 0.001)
    return Math.min(MAX_AHEAD, Math.floor(AHEAD_MS / perJobMs))
  }
}

function follow(average: number, sample: number): number {
  return Number.isNaN(average) ? sample : average + (sample - average) * WEIGHT
}

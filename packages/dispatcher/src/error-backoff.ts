const FIRST_MS = 50
const MOST_MS = 2_000
/** Of errors that repeat, the first is logged, then each this many-th. */
const LOG_EVERY = 10

/** Counts errors in a row: how long to wait before the next try, and whether to say so again. */
export class ErrorBackoff {
  #failures = 0

  succeeded(): void {
    this.#failures = 0
  }

  /** 50 ms to 2 s, doubling, give or take a quarter. */
  failed(): { waitMs: number; failures: number; worthLogging: boolean } {
    this.#failures += 1
    const waitMs = Math.min(FIRST_MS * 2 ** Math.min(this.#failures - 1, 10), MOST_MS) * (0.75 + Math.random() * 0.5)
    return {
      waitMs: Math.min(waitMs, MOST_MS),
      failures: this.#failures,
      worthLogging: this.#failures % LOG_EVERY === 1,
    }
  }
}

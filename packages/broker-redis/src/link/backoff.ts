/** Delay between connection attempts: none first, then 50 ms doubling to 2 s, with full jitter on the upper half. */
export class Backoff {
  #failures = 0

  failed(): void {
    this.#failures++
  }

  reset(): void {
    this.#failures = 0
  }

  /** Ms to wait before the next attempt; 0 while nothing has failed. */
  delay(): number {
    if (this.#failures === 0) return 0
    const full = Math.min(50 * 2 ** (this.#failures - 1), 2_000)
    return full / 2 + Math.random() * (full / 2)
  }

  /** `delay()`, at least 20 ms: for a loop that must never spin. */
  next(): number {
    return Math.max(20, this.delay())
  }
}

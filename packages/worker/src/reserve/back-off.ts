/**
 * How long to wait after the n-th failure in a row: doubling from 50 ms to 5 s, the upper half of it at random,
 * so that thousands of workers do not come back in the same millisecond.
 */
export class BackOff {
  #failures = 0

  constructor(
    readonly random: () => number,
    readonly firstMs = 50,
    readonly maxMs = 5_000,
  ) {}

  get failures(): number {
    return this.#failures
  }

  next(): number {
    const ceiling = Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.#failures, 16))
    this.#failures += 1
    return ceiling / 2 + (ceiling / 2) * this.random()
  }

  reset(): void {
    this.#failures = 0
  }
}

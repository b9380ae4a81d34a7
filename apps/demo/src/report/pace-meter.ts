/** The rate is that of about this long, ms. */
const WINDOW_MS = 500

/** Jobs per second, of late and at best. */
export class PaceMeter {
  readonly #samples: { readonly at: number; readonly done: number }[] = []
  #best = 0

  /** Jobs per second over the last half second. */
  add(done: number, now = performance.now()): number {
    this.#samples.push({ at: now, done })
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) >= WINDOW_MS) this.#samples.shift()
    const first = this.#samples[0]
    if (first === undefined || now <= first.at) return 0
    const rate = ((done - first.done) * 1_000) / (now - first.at)
    // Shorter windows are chance.
    if (now - first.at >= WINDOW_MS / 5) this.#best = Math.max(this.#best, rate)
    return rate
  }

  /** The best rate that was seen. */
  get best(): number {
    return this.#best
  }
}

const FIRST_MS = 1_000
const MOST_MS = 30_000

/** How long to wait before a process that died by itself is started again: 1 s, then twice as long each time, at most 30 s. */
export class RespawnPause {
  #nextMs = FIRST_MS

  /** `livedMs`: who lived for longer than the longest pause begins anew. */
  next(livedMs: number): number {
    if (livedMs > MOST_MS) this.reset()
    const pauseMs = this.#nextMs
    this.#nextMs = Math.min(pauseMs * 2, MOST_MS)
    return pauseMs
  }

  reset(): void {
    this.#nextMs = FIRST_MS
  }
}

/** Jobs remembered at most; beyond them the oldest is forgotten, and its patience begins anew. */
const MAX_JOBS = 10_000

/**
 * When this worker first met a job of a task that nobody registered here. A rolling deploy needs patience from that moment on:
 * a job may have waited for days before.
 */
export class FirstSight {
  readonly #seen = new Map<string, number>()

  /** Ms since the epoch; `now` at the first call for this job. */
  of(jobId: string, now: number): number {
    const seen = this.#seen.get(jobId)
    if (seen !== undefined) return seen
    if (this.#seen.size >= MAX_JOBS) {
      const [oldest] = this.#seen.keys()
      if (oldest !== undefined) this.#seen.delete(oldest)
    }
    this.#seen.set(jobId, now)
    return now
  }
}

import type { StoredJob } from './stored-job.js'

/** Jobs in the order in which they are due; equal times in the order of arrival. */
export class DueList {
  readonly #jobs: StoredJob[] = []

  get size(): number {
    return this.#jobs.length
  }

  get first(): StoredJob | undefined {
    return this.#jobs[0]
  }

  add(job: StoredJob): void {
    this.#jobs.splice(this.#indexOf(job), 0, job)
  }

  remove(job: StoredJob): void {
    const index = this.#indexOf(job)
    if (this.#jobs[index] === job) this.#jobs.splice(index, 1)
  }

  /** Where the job is, or belongs. */
  #indexOf(job: StoredJob): number {
    let low = 0
    let high = this.#jobs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#jobs[middle] as StoredJob
      const order = (other.dueAt ?? 0) - (job.dueAt ?? 0) || other.sequence - job.sequence
      if (order < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

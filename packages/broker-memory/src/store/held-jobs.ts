import type { StoredJob } from './stored-job.js'

/** One incarnation of a worker in a lane, as the store sees it. */
export interface SeatRecord {
  readonly incarnation: string
  readonly workerId: string
  readonly leaseMs: number
  readonly joinedAt: number
  /** When its lease began: when it was last heard of, or was spared. */
  leaseFrom: number
  /** Was given a full lease because the store had been silent, and was not heard of since. */
  spared: boolean
  readonly held: HeldJobs
}

/** Jobs of one seat, by the token that handed them out, oldest token first. */
export class HeldJobs {
  readonly #byToken = new Map<string, Set<StoredJob>>()
  #size = 0
  #suspects = 0

  get size(): number {
    return this.#size
  }

  /** How many of them crashed before. */
  get suspects(): number {
    return this.#suspects
  }

  get tokens(): number {
    return this.#byToken.size
  }

  add(token: string, job: StoredJob): void {
    const jobs = this.#byToken.get(token) ?? new Set()
    jobs.add(job)
    this.#byToken.set(token, jobs)
    this.#size += 1
    if (job.crashes > 0) this.#suspects += 1
  }

  /** Call before the job's crashes change. */
  remove(token: string, job: StoredJob): void {
    const jobs = this.#byToken.get(token)
    if (!jobs?.delete(job)) return
    if (jobs.size === 0) this.#byToken.delete(token)
    this.#size -= 1
    if (job.crashes > 0) this.#suspects -= 1
  }

  /** Jobs under tokens that are not among `known`, in the order in which they were handed out. */
  except(known: ReadonlySet<string>): StoredJob[] {
    return [...this.#byToken].flatMap(([token, jobs]) => (known.has(token) ? [] : [...jobs]))
  }

  /** The first `count` jobs in the order in which they were handed out. */
  oldest(count: number): StoredJob[] {
    const jobs: StoredJob[] = []
    for (const held of this.#byToken.values()) {
      for (const job of held) {
        if (jobs.length === count) return jobs
        jobs.push(job)
      }
    }
    return jobs
  }
}

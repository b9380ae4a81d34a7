import { JobList } from './job-list.js'
import type { StoredJob } from './stored-job.js'

/** Jobs by priority, higher first; first in, first out within one. */
export class ReadyQueue {
  readonly #lists = new Map<number, JobList>()
  /** Priorities that have jobs, highest first. */
  #order: number[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The job that is handed out next. */
  get first(): StoredJob | undefined {
    const [highest] = this.#order
    return highest === undefined ? undefined : this.#lists.get(highest)?.first
  }

  push(job: StoredJob, end: 'front' | 'back'): void {
    let list = this.#lists.get(job.priority)
    if (list === undefined) {
      list = new JobList()
      this.#lists.set(job.priority, list)
      this.#order = [...this.#lists.keys()].sort((a, b) => b - a)
    }
    if (end === 'front') list.pushFront(job)
    else list.pushBack(job)
    this.#size += 1
  }

  remove(job: StoredJob): void {
    const list = this.#lists.get(job.priority)
    if (list === undefined) return
    const before = list.size
    list.remove(job)
    this.#size -= before - list.size
    if (list.size > 0) return
    this.#lists.delete(job.priority)
    this.#order = this.#order.filter((priority) => priority !== job.priority)
  }
}

import type { StoredJob } from './stored-job.js'

interface Link {
  readonly job: StoredJob
  previous: Link | undefined
  next: Link | undefined
}

/** A first-in first-out list of jobs with removal by job; every operation takes constant time. */
export class JobList {
  readonly #links = new Map<StoredJob, Link>()
  #first: Link | undefined
  #last: Link | undefined

  get size(): number {
    return this.#links.size
  }

  get first(): StoredJob | undefined {
    return this.#first?.job
  }

  pushBack(job: StoredJob): void {
    const link: Link = { job, previous: this.#last, next: undefined }
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
    this.#links.set(job, link)
  }

  pushFront(job: StoredJob): void {
    const link: Link = { job, previous: undefined, next: this.#first }
    if (this.#first === undefined) this.#last = link
    else this.#first.previous = link
    this.#first = link
    this.#links.set(job, link)
  }

  remove(job: StoredJob): void {
    const link = this.#links.get(job)
    if (link === undefined) return
    if (link.previous === undefined) this.#first = link.next
    else link.previous.next = link.next
    if (link.next === undefined) this.#last = link.previous
    else link.next.previous = link.previous
    this.#links.delete(job)
  }
}

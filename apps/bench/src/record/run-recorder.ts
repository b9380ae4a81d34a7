import { wallNow } from '../measure/wall-clock.js'
import type { JobHooks, Kind } from '../rival.js'

export interface RecorderPlan {
  readonly kind: Kind
  /** Inputs are numbered from 0 to below this. */
  readonly jobs: number
  /** Keep the time of every job's first start. */
  readonly timeStarts: boolean
  /** Keep the time at which so many handlers had started, ascending. */
  readonly marks: readonly number[]
}

/** What one worker process has seen so far. */
export interface Progress {
  readonly started: number
  readonly completed: number
}

export interface Snapshot extends Progress {
  /** How often each job was started here, 255 at most. */
  readonly runs: Uint8Array
  /** Inputs that nobody enqueued. */
  readonly strays: number
  /** Ms since the epoch; NaN: none. */
  readonly firstStart: number
  readonly lastEnd: number
  readonly startTimes: Float64Array | undefined
  readonly markTimes: readonly number[]
  /** Distinct results that a chord's body was given. */
  readonly bodyResults: number
  readonly rssBytes: number
}

/** Counts every execution in a worker process. Its cost per job is a few array writes, the same for every rival. */
export class RunRecorder implements JobHooks {
  readonly #plan: RecorderPlan
  readonly #runs: Uint8Array
  readonly #startTimes: Float64Array | undefined
  readonly #markTimes: number[] = []
  #nextMark: number
  #strays = 0
  #started = 0
  #returned = 0
  #completed = 0
  #bodyResults = 0
  #firstStart = Number.NaN
  #lastEnd = Number.NaN

  constructor(plan: RecorderPlan) {
    this.#plan = plan
    this.#runs = new Uint8Array(plan.jobs)
    this.#startTimes = plan.timeStarts ? new Float64Array(plan.jobs).fill(Number.NaN) : undefined
    this.#nextMark = plan.marks[0] ?? Number.POSITIVE_INFINITY
  }

  run(x: number): number {
    if (this.#started === 0) this.#firstStart = wallNow()
    this.#started += 1
    if (this.#started === this.#nextMark) this.#mark()
    const runs = this.#runs[x]
    if (runs === undefined) {
      this.#strays += 1
      return x
    }
    if (runs < 255) this.#runs[x] = runs + 1
    if (runs === 0 && this.#startTimes !== undefined) this.#startTimes[x] = wallNow()
    if (runs === 0 && this.#plan.kind === 'fail-once') throw new Error('the first attempt fails')
    this.#returned += 1
    return x
  }

  body(x: number, results: readonly number[]): number {
    this.#bodyResults = new Set(results).size
    return this.run(x)
  }

  completed(): void {
    this.#completed += 1
    this.#lastEnd = wallNow()
  }

  allSettled(): void {
    if (this.#completed === this.#returned) return
    this.#completed = this.#returned
    this.#lastEnd = wallNow()
  }

  progress(): Progress {
    return { started: this.#started, completed: this.#completed }
  }

  snapshot(): Snapshot {
    return {
      ...this.progress(),
      runs: this.#runs,
      strays: this.#strays,
      firstStart: this.#firstStart,
      lastEnd: this.#lastEnd,
      startTimes: this.#startTimes,
      markTimes: this.#markTimes,
      bodyResults: this.#bodyResults,
      rssBytes: process.memoryUsage.rss(),
    }
  }

  #mark(): void {
    this.#markTimes.push(wallNow())
    this.#nextMark = this.#plan.marks[this.#markTimes.length] ?? Number.POSITIVE_INFINITY
  }
}

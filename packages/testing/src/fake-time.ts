import type { Clock } from '@millrace/core'
import type { WorkerOptions } from 'millrace/worker'
import { realTime } from './real-time.js'

type Timers = NonNullable<NonNullable<WorkerOptions['test']>['timers']>

/** Wall clock, monotonic clock and timers that move when told to. Turns of the event loop stay real. */
export class FakeTime implements Clock, Timers {
  readonly #startedAt: number
  #elapsed = 0
  readonly #timers = new Set<{ readonly at: number; readonly fn: () => void }>()

  /** `startedAt`: ms since the epoch. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt
  }

  now(): number {
    return this.#startedAt + this.#elapsed
  }

  monotonic(): number {
    return this.#elapsed
  }

  after(ms: number, fn: () => void): { cancel(): void } {
    const timer = { at: this.#elapsed + ms, fn }
    this.#timers.add(timer)
    return { cancel: () => this.#timers.delete(timer) }
  }

  next(fn: () => void): void {
    realTime.next(fn)
  }

  soon(fn: () => void): void {
    realTime.soon(fn)
  }

  /** When the next timer rings, ms since the epoch. */
  nextAt(): number | undefined {
    let next: number | undefined
    for (const { at } of this.#timers) if (next === undefined || at < next) next = at
    return next === undefined ? undefined : this.#startedAt + next
  }

  /** Never back. Rings what is due, in order. */
  moveTo(at: number): void {
    this.#elapsed = Math.max(this.#elapsed, at - this.#startedAt)
    this.#ring(this.#elapsed)
  }

  /** Rings what is due within `ms`, while the clock stands. */
  hurry(ms: number): void {
    this.#ring(this.#elapsed + ms)
  }

  #ring(until: number): void {
    const due = [...this.#timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.delete(timer)) timer.fn()
  }
}

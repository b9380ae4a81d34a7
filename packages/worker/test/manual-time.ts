import type { Clock } from '@millrace/core'
import type { Timer, TimerSource } from '../src/timer-source.js'

/** Time that moves when a test says so. Turns of the event loop (`soon`) are real. */
export class ManualTime implements Clock, TimerSource {
  readonly #startedAt = Date.now()
  #elapsed = 0
  readonly #timers = new Set<{ at: number; fn: () => void }>()

  now(): number {
    return this.#startedAt + this.#elapsed
  }

  monotonic(): number {
    return 1_000 + this.#elapsed
  }

  get armed(): number {
    return this.#timers.size
  }

  after(ms: number, fn: () => void): Timer {
    const timer = { at: this.#elapsed + ms, fn }
    this.#timers.add(timer)
    return { cancel: () => this.#timers.delete(timer) }
  }

  next(fn: () => void): void {
    process.nextTick(fn)
  }

  soon(fn: () => void): void {
    setImmediate(fn)
  }

  /** Fires what is due, in order, each followed by a few turns of the event loop. */
  async advance(ms: number): Promise<void> {
    await turns(3)
    const end = this.#elapsed + ms
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#timers.delete(next)
      this.#elapsed = Math.max(this.#elapsed, next.at)
      next.fn()
      await turns(3)
    }
    this.#elapsed = end
    await turns(3)
  }
}

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

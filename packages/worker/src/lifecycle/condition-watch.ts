import type { TimerSource } from '../timer-source.js'

interface Waiting {
  readonly holds: () => boolean
  readonly resolve: (held: boolean) => void
}

/** Lets a shutdown wait for what the running parts come to; costs nothing while nobody waits. */
export class ConditionWatch {
  readonly #waiting = new Set<Waiting>()

  constructor(private readonly timers: TimerSource) {}

  /** Something that a condition may depend on has changed. */
  changed(): void {
    if (this.#waiting.size === 0) return
    for (const one of this.#waiting) if (one.holds()) one.resolve(true)
  }

  /** Resolves true as soon as `holds` does, false after `ms`. */
  until(holds: () => boolean, ms: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = this.timers.after(ms, () => one.resolve(holds()), true)
      const one: Waiting = {
        holds,
        resolve: (held) => {
          this.#waiting.delete(one)
          timer.cancel()
          resolve(held)
        },
      }
      this.#waiting.add(one)
    })
  }
}

import type { Logger } from '@millrace/core'
import type { TimerSource } from '../timer-source.js'
import type { Runner } from './runner.js'

/** Read-ahead that has waited so long is put back. */
const STUCK_MS = 100

/** Puts back what was read ahead when handlers turn out to be slower than those before them. Asleep while nothing waits. */
export class StuckWatch {
  #armed = false

  constructor(
    private readonly runner: Runner,
    private readonly timers: TimerSource,
    private readonly logger: Logger,
  ) {}

  look(): void {
    if (this.#armed || this.runner.waiting === 0) return
    this.#armed = true
    this.timers.after(STUCK_MS / 2, () => {
      this.#armed = false
      const released = this.runner.releaseStuck(STUCK_MS)
      if (released > 0) this.logger.debug({ released }, 'jobs that were read ahead were put back: handlers became slow')
      this.look()
    })
  }
}

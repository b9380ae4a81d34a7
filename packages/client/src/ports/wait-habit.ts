/** What one wait earns, and the most that is saved up. */
const EARNED = 2
const MAX_CREDIT = 100

/**
 * Whether a task's callers wait for its jobs, by what they did so far: each wait earns two jobs that are said to be awaited when they are
 * enqueued. A task whose jobs are all waited for soon has credit for all that are in flight; one that is enqueued and left has none.
 */
export class WaitHabit {
  #credit = 0

  waited(): void {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + EARNED)
  }

  /** Whether the job that is being enqueued will probably be waited for. */
  takeCredit(): boolean {
    if (this.#credit === 0) return false
    this.#credit -= 1
    return true
  }
}

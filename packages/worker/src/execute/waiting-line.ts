import type { Reservation } from '@millrace/broker'
import type { Attempt, AttemptOwner } from '../attempt.js'

/**
 * What was reserved and has not started, in order. A job that must run alone waits at the head of the line until nothing runs,
 * and the line waits until its verdict has been acknowledged. An attempt that ended unstarted stays until its turn comes.
 */
export class WaitingLine {
  #attempts: Attempt[] = []
  #head = 0
  /** The job that must run alone, from its arrival until its verdict is acknowledged. */
  #alone: Attempt | undefined

  get length(): number {
    return this.#attempts.length - this.#head
  }

  get first(): Attempt | undefined {
    return this.#attempts[this.#head]
  }

  get alone(): Attempt | undefined {
    return this.#alone
  }

  push(attempt: Attempt): void {
    if (attempt.reservation.alone) this.#alone ??= attempt
    this.#attempts.push(attempt)
  }

  /** Whether the first one may start while `running` others run. */
  firstMayStart(running: number): boolean {
    const attempt = this.#attempts[this.#head]
    return attempt !== undefined && this.#mayStart(attempt, running)
  }

  /** Takes the first one out; there is one where `firstMayStart` said so. */
  shift(): Attempt {
    const attempt = this.#attempts[this.#head] as Attempt
    this.#head += 1
    return attempt
  }

  /** Whether the job ran alone; the next one that must run alone takes its place. */
  settledAlone(reservation: Reservation): boolean {
    if (this.#alone?.reservation !== reservation) return false
    this.#alone = undefined
    for (let index = this.#head; index < this.#attempts.length; index += 1) {
      const attempt = this.#attempts[index] as Attempt
      if (attempt.reservation.alone) {
        this.#alone = attempt
        break
      }
    }
    return true
  }

  *of(owner: AttemptOwner): Generator<Attempt> {
    for (const attempt of this.#attempts.slice(this.#head)) {
      if (attempt.owner === owner && !attempt.ended) yield attempt
    }
  }

  /** Takes out all but the first `kept`; those that have ended are no longer among them. */
  cut(kept: number): Attempt[] {
    const from = this.#head + kept
    const rest = this.#attempts.slice(from)
    this.#attempts.length = Math.min(from, this.#attempts.length)
    this.compact()
    return rest.filter((attempt) => !attempt.ended)
  }

  /** Lets go of the memory of those that were taken out. */
  compact(): void {
    if (this.#head === this.#attempts.length) {
      this.#attempts = []
      this.#head = 0
    } else if (this.#head > 1_024) {
      this.#attempts = this.#attempts.slice(this.#head)
      this.#head = 0
    }
  }

  #mayStart(attempt: Attempt, running: number): boolean {
    const alone = this.#alone
    if (alone === undefined || attempt.ended) return true
    if (attempt === alone) return running === 0
    // What came before it runs first; what came after waits until it is settled.
    return !alone.started && !alone.ended
  }
}

import type { ExchangeReply, Reservation } from '@millrace/broker'
import { CANCELLED, type Outcome, type Verdict } from '@millrace/core'
import { type AbortReason, Attempt, type AttemptOwner } from '../attempt.js'
import { abortAttempt, failEscaped, giveUp } from './abort-attempt.js'
import type { AttemptEnvironment } from './attempt-environment.js'
import { attemptVerdict } from './attempt-verdict.js'
import { escapesAreHeard, traced } from './escape-trace.js'
import { Pace } from './pace.js'
import { runAttempt } from './run-attempt.js'
import { tellEnd } from './tell-end.js'
import { tellVerdict } from './tell-verdict.js'
import { WaitingLine } from './waiting-line.js'

/** Starts go on for this long before I/O and timers get their turn. */
const SLICE_MS = 5
const RELEASED: Verdict = Object.freeze({ kind: 'release', delayMs: 0 })

export interface RunnerHooks {
  /** An attempt has ended: its verdict is with its owner, a slot may be free. */
  onEnded(): void
  /** A turn is over and jobs still wait for a slot, or for the next turn. */
  onWaiting(): void
}

/** Runs at most `concurrency` of what was reserved at once, in order. */
export class Runner {
  readonly pace = new Pace()
  running = 0
  leaked = 0
  readonly #line = new WaitingLine()
  #sliceEndsAt = 0
  #turnAsked = false
  #tracing = false
  /** The attempt whose handler holds the thread right now. */
  #current: Attempt | undefined
  #closed = false
  /** When the last attempt ended, monotonic ms: the next one of the turn starts then. */
  #endedAt = 0
  readonly #environment: AttemptEnvironment

  constructor(
    environment: Omit<AttemptEnvironment, 'ended' | 'returnedLate'>,
    public concurrency: number,
    private readonly hooks: RunnerHooks,
  ) {
    this.#environment = {
      ...environment,
      ended: (attempt, verdict, outcome) => this.ended(attempt, verdict, outcome),
      returnedLate: (attempt) => this.returnedLate(attempt),
    }
  }

  /** Reserved, not started. */
  get waiting(): number {
    return this.#line.length
  }

  /** A job that must run alone is here, from its arrival until its verdict is acknowledged. */
  get aloneHere(): boolean {
    return this.#line.alone !== undefined
  }

  /** The job whose handler holds the thread, for whoever must explain a crash. */
  get currentJobId(): string | undefined {
    return this.#current?.reservation.id
  }

  /** Takes in what an exchange brought, and starts what may start. */
  accept(owner: AttemptOwner, { reservations, cancelled }: Pick<ExchangeReply, 'reservations' | 'cancelled'>): void {
    this.#queue(owner, reservations)
    this.cancel(owner, cancelled)
    if (reservations.length > 0) this.#environment.timers.next(this.turn)
  }

  #queue(owner: AttemptOwner, reservations: readonly Reservation[]): void {
    const now = this.#environment.clock.monotonic()
    owner.active += reservations.length
    for (const reservation of reservations) {
      const attempt = new Attempt(reservation, owner)
      attempt.arrivedAt = now
      if (this.#closed) {
        this.#endUnstarted(attempt, RELEASED)
        continue
      }
      this.#line.push(attempt)
    }
  }

  /**
   * Starts what may start; gives I/O its turn after 5 ms and goes on. Called by the event loop itself rather than from within what
   * brought the jobs: nothing of that shall stand below their handlers.
   */
  readonly turn = (): void => {
    this.#turnAsked = false
    const { clock } = this.#environment
    let now = clock.monotonic()
    this.#sliceEndsAt = now + SLICE_MS
    this.#tracing = escapesAreHeard()
    while (this.running < this.concurrency && this.#line.firstMayStart(this.running)) {
      if (now >= this.#sliceEndsAt) {
        this.#askTurn()
        break
      }
      now = this.#start(this.#line.shift(), now)
    }
    this.#line.compact()
    if (this.waiting > 0) this.hooks.onWaiting()
  }

  /** The verdict of a job that ran alone has been acknowledged, or given up. */
  settledAlone(reservation: Reservation): void {
    if (this.#line.settledAlone(reservation)) this.#askTurn()
  }

  /** Cancel was asked for these ids; those that are not of this owner are ignored. */
  cancel(owner: AttemptOwner, ids: readonly string[]): void {
    if (ids.length === 0) return
    const asked = new Set(ids)
    for (const attempt of this.#line.of(owner))
      if (asked.has(attempt.reservation.id)) this.#endUnstarted(attempt, CANCELLED)
    for (const attempt of owner.running.list())
      if (asked.has(attempt.reservation.id)) abortAttempt(attempt, 'cancelled', this.#environment)
  }

  /** The owner's incarnation is gone: aborts what runs, forgets what waits. */
  drop(owner: AttemptOwner): void {
    for (const attempt of this.#line.of(owner)) this.#endUnstarted(attempt, RELEASED)
    for (const attempt of owner.running.list()) abortAttempt(attempt, 'lease-lost', this.#environment)
    const { alone } = this.#line
    if (alone?.owner === owner && alone.ended) this.settledAlone(alone.reservation)
  }

  /** Starts nothing more: what waits, and what still arrives, is put back uncounted. */
  close(): void {
    this.#closed = true
    this.#release(0)
  }

  /**
   * Puts back what was read ahead and has waited for `ms`: the handlers turned out to be slower than those before them.
   * Says how many.
   */
  releaseStuck(ms: number): number {
    const { first } = this.#line
    if (first === undefined || this.aloneHere) return 0
    if (this.#environment.clock.monotonic() - first.arrivedAt < ms) return 0
    const kept = Math.max(0, this.concurrency - this.running)
    if (this.waiting <= kept) return 0
    this.pace.distrust()
    return this.#release(kept)
  }

  abortRunning(attempts: Iterable<Attempt>, why: AbortReason): void {
    for (const attempt of [...attempts]) abortAttempt(attempt, why, this.#environment)
  }

  /** Frees the slots of handlers that ignore their abort. */
  giveUp(attempts: Iterable<Attempt>): void {
    for (const attempt of [...attempts]) giveUp(attempt, this.#environment)
  }

  /** An error escaped from an attempt's handler, past everything that it returned. */
  escaped(attempt: Attempt, error: unknown): void {
    failEscaped(attempt, error, this.#environment)
  }

  ended(attempt: Attempt, verdict: Verdict, outcome: Outcome | undefined): void {
    attempt.ended = true
    const { owner, reservation } = attempt
    const environment = this.#environment
    if (attempt.alarm !== undefined) environment.wheel.disarm(attempt.alarm)
    attempt.reporter?.close()
    attempt.report?.end(verdict)
    const now = environment.clock.monotonic()
    this.#endedAt = now
    const durationMs = now - attempt.startedAt
    const outlived = this.#current !== attempt
    if (outlived) {
      owner.running.delete(attempt)
      if (!attempt.leaked) this.pace.asynchronous(durationMs)
    }
    this.running -= 1
    owner.active -= 1
    if (attempt.leaked) this.leaked += 1
    owner.settle(attempt, verdict, durationMs)
    if (environment.onEvent !== undefined) tellEnd(environment.onEvent, attempt, { verdict, durationMs })
    attempt.decided?.resolve(attemptVerdict(attempt, verdict, outcome))
    if (verdict.kind !== 'succeed') tellVerdict(attempt, { verdict, outcome }, environment)
    if (owner.lost && reservation === this.#line.alone?.reservation) this.settledAlone(reservation)
    this.hooks.onEnded()
    if (outlived && this.waiting > 0) {
      if (now < this.#sliceEndsAt) this.turnWithin(now)
      else this.#askTurn()
    }
  }

  returnedLate(attempt: Attempt): void {
    if (!attempt.leaked) return
    attempt.leaked = false
    this.leaked -= 1
    this.#environment.logger.info(
      { jobId: attempt.reservation.id, task: attempt.task },
      'a handler that had ignored its abort came back; its outcome is discarded',
    )
  }

  /** Goes on with the slice under way, so that a chain of short handlers cannot keep I/O waiting. */
  private turnWithin(now: number): void {
    while (this.waiting > 0 && this.running < this.concurrency && now < this.#sliceEndsAt) {
      if (!this.#line.firstMayStart(this.running)) return
      now = this.#start(this.#line.shift(), now)
    }
    if (this.waiting > 0 && this.running < this.concurrency) this.#askTurn()
  }

  #start(attempt: Attempt, now: number): number {
    if (attempt.ended) return now
    attempt.startedAt = now
    this.running += 1
    this.#current = attempt
    try {
      if (this.#tracing) traced(attempt, runAttempt, this.#environment)
      else runAttempt(attempt, this.#environment)
    } catch (error) {
      this.#environment.logger.fatal({ err: error, jobId: attempt.reservation.id }, 'an attempt could not be run')
      if (!attempt.ended) this.ended(attempt, RELEASED, undefined)
    }
    this.#current = undefined
    const after = attempt.ended ? this.#endedAt : this.#environment.clock.monotonic()
    if (attempt.ended) this.pace.synchronous(after - now)
    else {
      attempt.owner.running.add(attempt)
      this.pace.held(after - now)
    }
    return after
  }

  #release(kept: number): number {
    const released = this.#line.cut(kept)
    for (const attempt of released) this.#endUnstarted(attempt, RELEASED)
    return released.length
  }

  #endUnstarted(attempt: Attempt, verdict: Verdict): void {
    attempt.ended = true
    attempt.owner.active -= 1
    // Nothing was decided about a job that never started on a seat that is gone.
    if (!attempt.owner.lost) attempt.owner.settle(attempt, verdict, 0)
    const { onEvent } = this.#environment
    if (onEvent !== undefined) tellEnd(onEvent, attempt, { verdict, durationMs: 0 })
    this.hooks.onEnded()
  }

  #askTurn(): void {
    if (this.#turnAsked) return
    this.#turnAsked = true
    this.#environment.timers.soon(this.turn)
  }
}

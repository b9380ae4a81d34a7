import { type DispatchPort, type Epoch, type Lane, laneName } from '@millrace/broker'
import type { Term } from '@millrace/coordination'
import { type Clock, type Logger, StaleEpochError } from '@millrace/core'
import { CALL } from './dispatch-scope.js'
import type { Duty, LaneReading } from './duty.js'
import { ErrorBackoff } from './error-backoff.js'
import { Nap } from './nap.js'
import type { TurnGate } from './turn-gate.js'

/** The agenda is read at least this often, whatever alarms were missed. */
export const LOOK_EVERY_MS = 5_000
/** After so long on what the last reading asked for, read again: something more urgent may have come. */
const READ_AGAIN_AFTER_MS = 500
/** A duty that finds nothing, though the agenda asks for it, may not spin. */
const IDLE_STEP_MS = 2
const MOST_IDLE_MS = 1_000

export interface LaneLoopOptions {
  readonly lane: Lane
  readonly epoch: Epoch
  readonly term: Pick<Term, 'signal' | 'trusted'>
  readonly dispatch: DispatchPort
  readonly gate: TurnGate
  readonly duties: readonly Duty[]
  readonly clock: Clock
  readonly logger: Logger
  onStale(error: StaleEpochError): void
}

interface DutyState {
  readonly duty: Duty
  readonly backoff: ErrorBackoff
  /** Monotonic ms, after an error. */
  retryAt: number
  /** Monotonic ms, after it found nothing though the agenda asked for it. */
  idleUntil: number
  /** How often in a row it found nothing. */
  idle: number
}

/** One lane's share of a term: does what its agenda asks for, then sleeps until the next due moment or a nudge. */
export class LaneLoop {
  readonly #options: LaneLoopOptions
  readonly #duties: readonly DutyState[]
  readonly #backoff = new ErrorBackoff()
  readonly #nap = new Nap()
  #reading: LaneReading | undefined
  #stale = false

  constructor(options: LaneLoopOptions) {
    this.#options = options
    this.#duties = options.duties.map((duty) => ({
      duty,
      backoff: new ErrorBackoff(),
      retryAt: 0,
      idleUntil: 0,
      idle: 0,
    }))
  }

  /** Something earlier may have appeared: look now. */
  nudge(): void {
    this.#nap.wake()
  }

  /** Resolves when the term is no longer trusted, or a store knows a newer one. Never rejects. */
  async run(): Promise<void> {
    const { clock, term } = this.#options
    while (this.#goesOn()) {
      try {
        await this.#runDue()
        if (!this.#goesOn()) return
        this.#reading = await this.#read()
        this.#backoff.succeeded()
        const now = clock.monotonic()
        this.#forgetIdling(this.#reading, now)
        const wait = Math.min(this.#earliest() - now, LOOK_EVERY_MS)
        if (wait > 0) await this.#nap.sleep(Math.max(wait, 1), term.signal)
      } catch (error) {
        await this.#afterError(error)
      }
    }
  }

  #goesOn(): boolean {
    return !this.#stale && this.#options.term.trusted()
  }

  async #read(): Promise<LaneReading> {
    const { dispatch, lane, epoch, clock } = this.#options
    const { now, dueAt, sweepAt, outbox } = await this.#call(() => dispatch.agenda(lane, epoch, CALL))
    return { readAt: clock.monotonic(), storeNow: now, dueAt, sweepAt, outbox }
  }

  #startOf({ duty, retryAt, idleUntil }: DutyState): number {
    if (this.#reading === undefined) return Number.POSITIVE_INFINITY
    return Math.max(duty.dueAt(this.#reading), retryAt, idleUntil)
  }

  /** A duty that found nothing and is not asked for any more was right: it came a moment early, or was overtaken. */
  #forgetIdling(reading: LaneReading, now: number): void {
    for (const state of this.#duties) {
      if (state.duty.dueAt(reading) <= now) continue
      state.idle = 0
      state.idleUntil = 0
    }
  }

  #earliest(): number {
    return Math.min(...this.#duties.map((state) => this.#startOf(state)))
  }

  /** One step of each due duty in turn, until none has more. */
  async #runDue(): Promise<void> {
    const { clock } = this.#options
    const start = clock.monotonic()
    let due = this.#duties.filter((state) => this.#startOf(state) <= start)
    while (due.length > 0 && clock.monotonic() - start < READ_AGAIN_AFTER_MS) {
      const again: DutyState[] = []
      for (const state of due) {
        if (await this.#step(state)) again.push(state)
        if (!this.#goesOn()) return
      }
      due = again
    }
  }

  async #step(state: DutyState): Promise<boolean> {
    const { clock } = this.#options
    try {
      const { done, more } = await this.#call(() => state.duty.step())
      state.backoff.succeeded()
      state.idle = done > 0 || more ? 0 : state.idle + 1
      const pause = state.idle === 0 ? 0 : Math.min(IDLE_STEP_MS * 2 ** Math.min(state.idle, 10), MOST_IDLE_MS)
      state.idleUntil = clock.monotonic() + pause
      return more
    } catch (error) {
      if (error instanceof TermOver || this.#refused(error)) return false
      // One duty's trouble (an outbox whose target is away) must not hold up the lane's others.
      const { waitMs, failures, worthLogging } = state.backoff.failed()
      state.retryAt = clock.monotonic() + waitMs
      if (worthLogging) this.#log(error, { duty: state.duty.name, failures })
      return false
    }
  }

  async #afterError(error: unknown): Promise<void> {
    if (error instanceof TermOver || this.#refused(error)) return
    const { waitMs, failures, worthLogging } = this.#backoff.failed()
    if (worthLogging) this.#log(error, { duty: 'agenda', failures })
    await new Nap().sleep(waitMs, this.#options.term.signal)
  }

  #refused(error: unknown): boolean {
    if (!(error instanceof StaleEpochError)) return false
    this.#stale = true
    this.#options.onStale(error)
    return true
  }

  #log(error: unknown, fields: { duty: string; failures: number }): void {
    const { logger, lane } = this.#options
    logger.warn({ err: error, lane: laneName(lane), ...fields }, 'dispatch failed on a lane; trying again')
  }

  /** Every call to the store passes here: in turn, and only while the term is trusted at that very moment. */
  #call<T>(call: () => Promise<T>): Promise<T> {
    return this.#options.gate.run(async () => {
      if (!this.#goesOn()) throw new TermOver()
      return call()
    })
  }
}

class TermOver extends Error {}

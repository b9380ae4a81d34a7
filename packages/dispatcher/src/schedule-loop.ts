import type { Epoch, ProducerPort, SchedulesPort } from '@millrace/broker'
import type { Term } from '@millrace/coordination'
import { type Clock, type Logger, StaleEpochError } from '@millrace/core'
import { ErrorBackoff } from './error-backoff.js'
import { Nap } from './nap.js'
import { RETRY_MS, ScheduleDeliverer } from './schedule-deliverer.js'
import { ScheduleFirer } from './schedule-firer.js'
import type { ScheduleScope } from './schedule-scope.js'
import { ScheduleShelf } from './schedule-shelf.js'
import type { Tally } from './tally.js'
import type { TurnGate } from './turn-gate.js'

/** Schedules are looked at this often at least, whatever alarms were missed. */
const LOOK_EVERY_MS = 5_000
/** What comes due this soon after a firing is fired together with it: fewer calls, for so much lateness. */
const GATHER_MS = 20

export interface ScheduleLoopOptions {
  readonly schedules: SchedulesPort
  readonly producer: ProducerPort
  readonly epoch: Epoch
  readonly term: Pick<Term, 'signal' | 'trusted'>
  readonly gate: TurnGate
  readonly clock: Clock
  readonly logger: Logger
  readonly tally: Tally
  onStale(error: StaleEpochError): void
}

/** The schedules' share of a term: one strand fires ticks, the other brings their jobs to the lanes meanwhile. */
export class ScheduleLoop {
  readonly #options: ScheduleLoopOptions
  readonly #firer: ScheduleFirer
  readonly #deliverer: ScheduleDeliverer
  readonly #firing = new Nap()
  readonly #delivering = new Nap()
  /** Monotonic ms. */
  #deliverAt = 0
  #stale = false

  constructor(options: ScheduleLoopOptions) {
    this.#options = options
    const { schedules, producer, epoch, clock, logger, tally, gate } = options
    const scope: ScheduleScope = {
      schedules,
      producer,
      epoch,
      clock,
      logger,
      tally,
      call: (run) =>
        gate.run(async () => {
          if (!this.#goesOn()) throw new TermOver()
          return run()
        }),
    }
    const shelf = new ScheduleShelf(scope)
    this.#firer = new ScheduleFirer(scope, shelf)
    this.#deliverer = new ScheduleDeliverer(scope, shelf)
  }

  /** Something earlier may have appeared: look now. */
  nudge(): void {
    this.#firing.wake()
  }

  /** Resolves when the term is no longer trusted, or the store knows a newer one. Never rejects. */
  async run(): Promise<void> {
    await Promise.all([
      this.#strand('fire', this.#firing, () => this.#fire()),
      this.#strand('deliver', this.#delivering, () => this.#deliver()),
    ])
  }

  /** How long to sleep, ms. */
  async #fire(): Promise<number> {
    const { fired, now, dueAt, deliverAt, more } = await this.#firer.step()
    const read = this.#options.clock.monotonic()
    if (fired > 0) this.#deliverSoon(read)
    else if (deliverAt !== undefined) this.#deliverSoon(read + deliverAt - now)
    if (more) return 0
    return Math.max((dueAt ?? Number.POSITIVE_INFINITY) - now, fired > 0 ? GATHER_MS : 0)
  }

  async #deliver(): Promise<number> {
    if (this.#deliverAt <= this.#options.clock.monotonic()) this.#deliverAt = Number.POSITIVE_INFINITY
    const { done, looked, retried } = await this.#deliverer.step()
    if (retried) this.#deliverSoon(this.#options.clock.monotonic() + RETRY_MS)
    // As long as something is found there may be more behind it.
    return looked > 0 && done > 0 ? 0 : this.#deliverAt - this.#options.clock.monotonic()
  }

  #deliverSoon(at: number): void {
    if (at >= this.#deliverAt) return
    this.#deliverAt = at
    this.#delivering.wake()
  }

  async #strand(name: string, nap: Nap, step: () => Promise<number>): Promise<void> {
    const { term, logger } = this.#options
    const backoff = new ErrorBackoff()
    while (this.#goesOn()) {
      try {
        const wait = await step()
        backoff.succeeded()
        if (wait > 0) await nap.sleep(Math.min(Math.max(wait, 1), LOOK_EVERY_MS), term.signal)
      } catch (error) {
        if (error instanceof TermOver || this.#refused(error)) return
        const { waitMs, failures, worthLogging } = backoff.failed()
        if (worthLogging)
          logger.warn({ err: error, duty: `${name} schedules`, failures }, 'dispatch failed; trying again')
        await new Nap().sleep(waitMs, term.signal)
      }
    }
  }

  #goesOn(): boolean {
    return !this.#stale && this.#options.term.trusted()
  }

  #refused(error: unknown): boolean {
    if (!(error instanceof StaleEpochError)) return false
    this.#stale = true
    this.#options.onStale(error)
    return true
  }
}

class TermOver extends Error {}

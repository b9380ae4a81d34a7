import type { Epoch, ProducerPort, ScheduleDelivery, SchedulesPort } from '@millrace/broker'
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
/** A note that is found without being told of is left for so long to whoever may be delivering it. */
const STALE_NOTE_MS = 100
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
  /** When the store's notes are read, monotonic ms. Right away: an earlier term may have left some. */
  #deliverAt = 0
  /** When they were last read, monotonic ms. */
  #readAt = 0
  /** Fired in this term, and to be delivered without reading the notes. */
  #fresh: { readonly deliveries: readonly ScheduleDelivery[]; readonly early: boolean }[] = []
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
    const { fired, deliveries, early, now, dueAt, deliverAt, more } = await this.#firer.step()
    const read = this.#options.clock.monotonic()
    if (deliveries.length > 0) {
      this.#fresh.push({ deliveries, early })
      this.#delivering.wake()
    }
    if (fired > deliveries.length) this.#deliverSoon(read)
    // What is noted for now may be what is being delivered at this moment.
    else if (fired === 0 && deliverAt !== undefined) this.#deliverSoon(read + Math.max(deliverAt - now, STALE_NOTE_MS))
    if (more) return 0
    return Math.max((dueAt ?? Number.POSITIVE_INFINITY) - now, fired > 0 ? GATHER_MS : 0)
  }

  async #deliver(): Promise<number> {
    const { clock } = this.#options
    const fresh = this.#fresh.shift()
    const start = clock.monotonic()
    if (fresh === undefined && start < Math.min(this.#deliverAt, this.#readAt + LOOK_EVERY_MS))
      return this.#untilRead(start)
    try {
      const { done, looked, retried } = await (fresh === undefined
        ? this.#readNotes(start)
        : this.#deliverer.bring(fresh.deliveries, fresh.early))
      const now = clock.monotonic()
      if (retried) this.#deliverSoon(now + RETRY_MS)
      // As long as something is found there may be more behind it.
      if (fresh === undefined && looked > 0 && done > 0) this.#deliverSoon(now)
      return this.#fresh.length > 0 ? 0 : this.#untilRead(now)
    } catch (error) {
      // What was in hand is noted in the store.
      this.#deliverSoon(start)
      throw error
    }
  }

  #readNotes(now: number): ReturnType<ScheduleDeliverer['step']> {
    this.#readAt = now
    this.#deliverAt = Number.POSITIVE_INFINITY
    return this.#deliverer.step()
  }

  #untilRead(now: number): number {
    return Math.min(this.#deliverAt, this.#readAt + LOOK_EVERY_MS) - now
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

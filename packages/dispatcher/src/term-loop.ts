import {
  type DispatchPort,
  type Epoch,
  type Lane,
  laneName,
  type ProducerPort,
  type SchedulesPort,
} from '@millrace/broker'
import type { Term } from '@millrace/coordination'
import type { Clock, Logger, StaleEpochError } from '@millrace/core'
import { ErrorBackoff } from './error-backoff.js'
import { LaneLoop, LOOK_EVERY_MS } from './lane-loop.js'
import { LaneRoster } from './lane-roster.js'
import { Nap } from './nap.js'
import { outboxDrainer } from './outbox-drainer.js'
import { promoter } from './promoter.js'
import { type CrashListener, reclaimer } from './reclaimer.js'
import { ScheduleLoop } from './schedule-loop.js'
import type { Tally } from './tally.js'
import { trimmer } from './trimmer.js'
import { TurnGate } from './turn-gate.js'

/** Calls to the store at a time, over all lanes. */
const CALLS_AT_ONCE = 8
/** Alarms closer together than this are answered as one; an answer costs a reading per lane, so many lanes make it longer. */
const ALARM_EVERY_MS = 5
const ALARM_EVERY_MS_PER_LANE = 0.25
const MOST_ALARM_EVERY_MS = 50

export interface TermLoopOptions {
  readonly dispatch: DispatchPort
  /** Absent where the driver keeps no schedules. */
  readonly scheduling?: { readonly schedules: SchedulesPort; readonly producer: ProducerPort }
  readonly onCrashed?: CrashListener
  readonly epoch: Epoch
  readonly term: Term
  readonly clock: Clock
  readonly logger: Logger
  readonly tally: Tally
}

/** The work of one term: a loop per lane, and one watch for alarms and new lanes. */
export class TermLoop {
  readonly #options: TermLoopOptions
  readonly #roster: LaneRoster
  readonly #gate = new TurnGate(CALLS_AT_ONCE)
  readonly #loops = new Map<string, LaneLoop>()
  readonly #running: Promise<void>[] = []
  readonly #backoff = new ErrorBackoff()
  readonly #over = new AbortController()
  #schedules: ScheduleLoop | undefined
  #stale: StaleEpochError | undefined

  constructor(options: TermLoopOptions) {
    this.#options = options
    this.#roster = new LaneRoster(options.dispatch)
  }

  get lanes(): number {
    return this.#loops.size
  }

  /**
   * Works until the term is no longer trusted or a lane has seen a newer epoch, and until every call under way has
   * finished. Resolves to the refusal, if there was one. Never rejects.
   */
  async run(): Promise<StaleEpochError | undefined> {
    const signal = AbortSignal.any([this.#options.term.signal, this.#over.signal])
    this.#beginSchedules(signal)
    while (this.#goesOn(signal)) {
      const found = await this.#findLanes(signal)
      if (!found) continue
      const alarm = this.#waitForAlarm(signal)
      // The next wait is open already, so an alarm that falls between these two lines is not missed.
      for (const loop of this.#loops.values()) loop.nudge()
      this.#schedules?.nudge()
      const since = this.#options.clock.monotonic()
      await alarm
      const every = Math.min(Math.max(ALARM_EVERY_MS, this.#loops.size * ALARM_EVERY_MS_PER_LANE), MOST_ALARM_EVERY_MS)
      const rest = every - (this.#options.clock.monotonic() - since)
      if (rest > 0) await new Nap().sleep(rest, signal)
    }
    this.#over.abort()
    await Promise.all(this.#running)
    return this.#stale
  }

  #goesOn(signal: AbortSignal): boolean {
    return !signal.aborted && this.#options.term.trusted()
  }

  async #findLanes(signal: AbortSignal): Promise<boolean> {
    try {
      for (const lane of await this.#roster.refresh()) this.#begin(lane, signal)
      this.#backoff.succeeded()
      return true
    } catch (error) {
      const { waitMs, failures, worthLogging } = this.#backoff.failed()
      if (worthLogging)
        this.#options.logger.warn({ err: error, failures }, 'the lanes could not be listed; trying again')
      await new Nap().sleep(waitMs, signal)
      return false
    }
  }

  #beginSchedules(signal: AbortSignal): void {
    const { scheduling, epoch, term, clock, logger, tally } = this.#options
    if (scheduling === undefined) return
    const loop = new ScheduleLoop({
      ...scheduling,
      epoch,
      clock,
      logger,
      tally,
      gate: this.#gate,
      term: { signal, trusted: () => !signal.aborted && term.trusted() },
      onStale: (error) => this.#outdated(error),
    })
    this.#schedules = loop
    this.#running.push(loop.run().then(() => this.#over.abort()))
  }

  #outdated(error: StaleEpochError): void {
    this.#stale ??= error
    this.#over.abort()
  }

  #begin(lane: Lane, signal: AbortSignal): void {
    const { dispatch, epoch, term, clock, logger, tally } = this.#options
    const scope = { dispatch, lane, epoch }
    const loop = new LaneLoop({
      lane,
      epoch,
      dispatch,
      clock,
      logger,
      gate: this.#gate,
      // Another lane's refusal ends this one's work too.
      term: { signal, trusted: () => !signal.aborted && term.trusted() },
      duties: [
        promoter(scope, tally),
        reclaimer(scope, tally, this.#options.onCrashed),
        outboxDrainer(scope, tally),
        trimmer(scope, tally, clock),
      ],
      onStale: (error) => this.#outdated(error),
    })
    this.#loops.set(laneName(lane), loop)
    // A loop ends only with the term, and may be the first to see it: after a freeze no timer has aborted the signal yet.
    this.#running.push(loop.run().then(() => this.#over.abort()))
  }

  /** Resolves with the alarm, after 5 s, or when the term is over. */
  async #waitForAlarm(signal: AbortSignal): Promise<void> {
    const enough = new AbortController()
    const stop = AbortSignal.any([signal, enough.signal])
    const alarm = this.#options.dispatch.waitForAlarm(this.#roster.lanes, stop).catch((error: unknown) => {
      if (!stop.aborted) this.#options.logger.warn({ err: error }, 'waiting for alarms failed')
      return new Nap().sleep(LOOK_EVERY_MS, stop)
    })
    // The driver ends the wait by itself; should it not, the cap does.
    await Promise.race([alarm, new Nap().sleep(LOOK_EVERY_MS + 500, stop)])
    enough.abort()
  }
}

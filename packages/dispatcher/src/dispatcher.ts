import { hostname } from 'node:os'
import type { Broker, DispatchPort, Epoch, LeaderInfo, ProducerPort, SchedulesPort } from '@millrace/broker'
import type { Coordinator, Term } from '@millrace/coordination'
import { crashPoint, type Logger, StaleEpochError, systemClock } from '@millrace/core'
import type { CrashListener } from './reclaimer.js'
import { newTally, type Tally } from './tally.js'
import { TermLoop } from './term-loop.js'

export interface DispatcherOptions {
  /** Schedules are fired where it has both of the latter. */
  readonly broker: {
    readonly dispatch: Broker['dispatch']
    readonly schedules?: SchedulesPort
    readonly producer?: ProducerPort
  }
  /** Not closed by the dispatcher. */
  readonly coordinator: Coordinator
  readonly logger: Logger
  /** Names this candidate in logs and monitors. */
  readonly candidate: string
  /** How long, in ms, the lock outlives a leader that crashed. Default 8,000. */
  readonly ttlMs?: number
  /** Told of the jobs of dead workers, as they are taken back. Must not throw. */
  readonly onCrashed?: CrashListener
  /** For monitors. Default: this machine's name. */
  readonly host?: string
  /** For monitors. Default: this process's. */
  readonly pid?: number
}

export interface DispatcherStatus {
  readonly state: 'stopped' | 'campaigning' | 'leading'
  /** Only while leading. */
  readonly epoch: Epoch | undefined
  /** When this term began, ms since the epoch; only while leading. */
  readonly since: number | undefined
  /** Lanes served in this term. */
  readonly lanes: number
  /** What this dispatcher has done as leader since it was made. */
  readonly done: Readonly<Tally>
}

const END_TERM_TIMEOUT_MS = 1_000

/** A candidate for the one that moves time forward: campaigns from `start` to `stop`, and dispatches while it leads. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #dispatch: DispatchPort
  readonly #leader: LeaderInfo
  readonly #logger: Logger
  readonly #tally = newTally()
  #campaign: { stop: AbortController; ended: Promise<void> } | undefined
  #term: { epoch: Epoch; since: number; loop: TermLoop } | undefined
  #faults = 0

  constructor(options: DispatcherOptions) {
    const { broker, candidate, host = hostname(), pid = process.pid } = options
    this.#options = options
    this.#dispatch = broker.dispatch
    this.#leader = { candidate, host, pid }
    this.#logger = options.logger.child({ candidate })
  }

  /** Begins to campaign. Does nothing when it already does. Can follow a `stop`, also one that is not finished. */
  start(): void {
    const before = this.#campaign
    if (before !== undefined && !before.stop.signal.aborted) return
    const stop = new AbortController()
    const campaign = { stop, ended: (before?.ended ?? Promise.resolve()).then(() => this.#run(stop.signal)) }
    this.#campaign = campaign
    void campaign.ended.then(() => {
      if (this.#campaign === campaign) this.#campaign = undefined
    })
  }

  /**
   * Ends the campaign: lets the calls under way finish, marks the term as over and gives the lock back, so that another
   * candidate leads at once. Resolves when that is done; at most some seconds. Safe before `start` and to repeat.
   */
  async stop(): Promise<void> {
    this.#campaign?.stop.abort()
    await this.#campaign?.ended
  }

  status(): DispatcherStatus {
    const term = this.#term
    return {
      state: this.#campaign === undefined ? 'stopped' : term === undefined ? 'campaigning' : 'leading',
      epoch: term?.epoch,
      since: term?.since,
      lanes: term?.loop.lanes ?? 0,
      done: { ...this.#tally },
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { coordinator, candidate, ttlMs } = this.#options
    try {
      await coordinator.elect<Epoch>('dispatcher', {
        candidate,
        signal,
        ...(ttlMs === undefined ? {} : { ttlMs }),
        beforeCampaign: () => this.#dispatch.readEpoch(),
        onTerm: (term, seen) => this.#lead(term, seen),
        onFault: (error) => this.#fault(error),
      })
    } catch (error) {
      this.#logger.error({ err: error }, 'the dispatcher cannot campaign and has stopped')
    }
  }

  async #lead(term: Term, seen: Epoch): Promise<void> {
    crashPoint('elected')
    // Against what was read before the lock was won: a winner that froze until its lock was gone cannot mint.
    if (!term.trusted()) return
    let epoch: Epoch
    try {
      epoch = await this.#dispatch.mintEpoch(seen, this.#leader)
    } catch (error) {
      if (!(error instanceof StaleEpochError)) throw error
      this.#logger.info({ err: error, term: term.number }, 'another dispatcher began a term meanwhile')
      return
    }
    crashPoint('epoch-minted')
    this.#faults = 0
    const { schedules, producer } = this.#options.broker
    const { onCrashed } = this.#options
    const loop = new TermLoop({
      dispatch: this.#dispatch,
      ...(schedules !== undefined && producer !== undefined && { scheduling: { schedules, producer } }),
      ...(onCrashed !== undefined && { onCrashed }),
      epoch,
      term,
      clock: systemClock,
      logger: this.#logger.child({ epoch }),
      tally: this.#tally,
    })
    this.#term = { epoch, since: Date.now(), loop }
    this.#logger.info({ epoch, term: term.number }, 'leading')
    const stale = await loop.run()
    this.#term = undefined
    if (stale !== undefined) {
      this.#logger.warn({ err: stale, epoch }, 'stepped down: a newer dispatcher leads')
      return
    }
    this.#logger.info({ epoch, reason: (term.signal.reason as Error | undefined)?.message }, 'no longer leading')
    await this.#dispatch.endTerm(epoch, { timeoutMs: END_TERM_TIMEOUT_MS }).catch((error: unknown) => {
      this.#logger.debug({ err: error, epoch }, 'the end of the term could not be noted')
    })
  }

  /** Of faults in a row the first is logged, then each tenth. */
  #fault(error: unknown): void {
    this.#faults += 1
    if (this.#faults % 10 === 1)
      this.#logger.warn({ err: error, faults: this.#faults }, 'trouble with the election; going on')
  }
}

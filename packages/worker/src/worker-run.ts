import { hostname } from 'node:os'
import type { Broker, ConsumerPort, Reservation, WorkerCommand, WorkerInfo } from '@millrace/broker'
import {
  BrokerUnavailableError,
  ERROR_CATALOGUE,
  InvalidOptionError,
  LeaseLostError,
  MillraceError,
} from '@millrace/core'
import { Runner } from './execute/runner.js'
import { TimeoutWheel } from './execute/timeout-wheel.js'
import type { Hold } from './hold.js'
import type { WorkerHost } from './host.js'
import { LeaseKeeper } from './lease/lease-keeper.js'
import { Announcer } from './lifecycle/announcer.js'
import { BrokerHealth } from './lifecycle/broker-health.js'
import { ConditionWatch } from './lifecycle/condition-watch.js'
import { drain } from './lifecycle/drain.js'
import { checkConcurrency, type QueueShare, type ResolvedWorkerOptions } from './options.js'
import { BackOff } from './reserve/back-off.js'
import { type DeskHooks, LaneDesk } from './reserve/lane-desk.js'
import { ReserveLoop } from './reserve/reserve-loop.js'
import { settleLate } from './settle/late-settler.js'
import { VERSION } from './version.js'
import type { WorkerState } from './worker-event.js'
import type { WorkerStatus } from './worker-status.js'

const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024
/** Read-ahead that has waited so long is put back. */
const STUCK_MS = 100

/** The stages of a run, once there is a broker. */
interface Stages {
  readonly desks: readonly LaneDesk[]
  readonly loop: ReserveLoop
  readonly keeper: LeaseKeeper
  readonly announcer: Announcer
}

/** One run of a worker, from `start` to the end of `stop`: makes the stages and tells each what the others did. */
export class WorkerRun {
  /** Resolves when the run is over. */
  readonly ended: Promise<void>
  readonly #runner: Runner
  readonly #wheel: TimeoutWheel
  readonly #watch: ConditionWatch
  readonly #health: BrokerHealth
  readonly #shares: readonly QueueShare[]
  readonly #startedAt: number
  #stages: Stages | undefined
  #state: WorkerState = 'starting'
  #stopAsked = false
  #hurried = false
  #startError: unknown
  #stuckArmed = false
  /** Seats that were given up and are being wound up. */
  readonly #lateHolds = new Set<Hold>()
  #end: () => void = () => undefined

  constructor(
    private readonly host: WorkerHost,
    private readonly options: ResolvedWorkerOptions,
    private readonly self: { readonly id: string; stop(): void },
  ) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    const { clock, timers, random, leakAfterMs, onEvent } = options
    this.#startedAt = clock.now()
    this.#shares = options.queues ?? host.registry.queues().map((queue) => ({ queue, weight: 1 }))
    this.#watch = new ConditionWatch(timers)
    this.#health = new BrokerHealth(host.logger, onEvent)
    this.#wheel = new TimeoutWheel(() => clock.monotonic(), timers)
    this.#runner = new Runner(
      {
        host,
        registry: host.registry,
        logger: host.logger,
        clock,
        timers,
        wheel: this.#wheel,
        random,
        leakAfterMs,
        maxOutputBytes: host.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
        onEvent,
      },
      options.concurrency,
      { onEnded: () => this.#changed() },
    )
  }

  async start(): Promise<void> {
    try {
      if (this.#shares.length === 0) {
        throw new InvalidOptionError({
          option: 'queues',
          found: [],
          expected: 'at least one queue, or a task defined before start()',
        })
      }
      this.#enter('starting')
      const { startTimeoutMs } = this.options
      const deadline =
        startTimeoutMs === undefined
          ? undefined
          : this.options.timers.after(startTimeoutMs, () => this.#timedOut(), true)
      try {
        await this.#begin()
      } finally {
        deadline?.cancel()
      }
    } catch (error) {
      await this.stop(0)
      throw error
    }
  }

  /** Safe to call at any time, once; again through `hurry`. */
  async stop(graceMs: number): Promise<void> {
    if (this.#stopAsked) return this.ended
    this.#stopAsked = true
    this.#changed()
    const stages = this.#stages
    if (stages !== undefined) await this.#stop(stages, graceMs)
    this.#wheel.stop()
    this.#enter('stopped')
    this.#end()
  }

  /** No more grace. */
  hurry(): void {
    this.#hurried = true
    this.#changed()
  }

  status(): WorkerStatus {
    const desks = this.#stages?.desks ?? []
    return {
      state: this.#state,
      running: this.#runner.running,
      waiting: this.#runner.waiting,
      leaked: this.#runner.leaked,
      settling: [...this.#lateHolds, ...desks.map(({ hold }) => hold)].reduce(
        (sum, hold) => sum + (hold?.box.unsettled ?? 0),
        0,
      ),
      seats: desks.map(({ name, hold }) => ({
        lane: name,
        incarnation: hold?.seat.incarnation,
        held: hold?.tokens.jobs ?? 0,
      })),
    }
  }

  runningJobIds(): string[] {
    const current = this.#runner.currentJobId
    const outlived = (this.#stages?.desks ?? []).flatMap(({ hold }) => (hold === undefined ? [] : [...hold.running]))
    const ids = outlived.map((attempt) => attempt.reservation.id)
    return current === undefined ? ids : [current, ...ids]
  }

  async #begin(): Promise<void> {
    const broker = await this.#openBroker()
    if (broker === undefined || this.#stopAsked) return
    const stages = this.#wire(broker.consumer)
    this.#stages = stages
    for (const desk of stages.desks) desk.join()
    await this.#watch.until(
      () => this.#stopAsked || this.#startError !== undefined || stages.desks.every((desk) => desk.hold !== undefined),
      FOR_EVER_MS,
    )
    if (this.#startError !== undefined) throw this.#startError
    if (this.#stopAsked) return
    this.#enter('running')
    stages.announcer.announce()
  }

  /** `undefined`: stopped meanwhile. */
  async #openBroker(): Promise<Broker | undefined> {
    const backOff = new BackOff(this.options.random)
    const over = () => this.#stopAsked || this.#startError !== undefined
    while (!over()) {
      const opening = settledOf(this.host.broker(), () => this.#watch.changed())
      await this.#watch.until(() => over() || opening.done, FOR_EVER_MS)
      if (!opening.done) break
      if (opening.value !== undefined) {
        this.#health.answered('broker')
        return opening.value
      }
      if (isHopeless(opening.error)) throw opening.error
      this.#health.failed('broker', opening.error)
      await this.#watch.until(over, backOff.next())
    }
    if (this.#startError !== undefined) throw this.#startError
    return undefined
  }

  #wire(consumer: ConsumerPort): Stages {
    const { options, host, self } = this
    const { clock, timers, random, leaseMs, onEvent } = options
    const { logger } = host
    const hooks = this.#deskHooks()
    const desks = this.#shares.flatMap(({ queue, weight }, rank) =>
      Array.from({ length: host.lanes?.(queue) ?? 1 }, (_, index) => {
        const lane = { queue, index }
        return new LaneDesk({
          lane,
          rank,
          weight,
          consumer,
          workerId: self.id,
          leaseMs,
          clock,
          timers,
          random,
          logger,
          hooks,
          onEvent,
        })
      }),
    )
    const keeper = new LeaseKeeper({
      heartbeatMs: options.heartbeatMs,
      leaseMs,
      maxBlockMs: options.maxBlockMs,
      module: consumer.heartbeatModule(),
      lanes: desks.length,
      clock,
      timers,
      logger,
      cancelled: (hold, ids) => this.#runner.cancel(hold, ids),
      fenced: (hold, error) => deskOf(desks, hold)?.fenced(hold, error),
      lapsed: (hold) => {
        const desk = deskOf(desks, hold)
        desk?.give(hold, new LeaseLostError({ lane: desk.name, incarnation: hold.seat.incarnation }), false)
      },
      disagrees: (hold) => deskOf(desks, hold)?.reconcile(hold),
    })
    return {
      desks,
      keeper,
      loop: new ReserveLoop(desks, this.#runner, { strict: options.strict, consumer, timers, clock }),
      announcer: new Announcer({
        consumer,
        workerId: self.id,
        everyMs: options.announceMs,
        timers,
        logger,
        info: () => this.#info(keeper),
        obey: (command) => this.#obey(command),
      }),
    }
  }

  #deskHooks(): DeskHooks {
    const stages = () => this.#stages as Stages
    return {
      joined: (_desk, hold) => stages().keeper.watch(hold),
      answered: (desk, hold, answer) => {
        stages().keeper.renewed(hold)
        // Accepted first: what was cancelled while it was on the way is then not started.
        this.#runner.accept(hold, answer.reply)
        stages().loop.answered(desk, answer)
        if (this.#runner.waiting > 0) this.#watchStuck()
        this.#changed()
      },
      lost: (desk, hold, fenced) => {
        stages().keeper.forget(hold)
        this.#runner.drop(hold)
        stages().loop.lost(desk)
        if (!fenced) void this.#settleLate(hold)
        this.#changed()
      },
      settled: (settlements) => {
        if (!this.#runner.aloneHere) return
        for (const { reservation } of settlements) this.#runner.settledAlone(reservation)
      },
      refused: (hold, reservations) => this.#refused(hold, reservations),
      health: (desk, error) => {
        if (error === undefined) this.#health.answered(desk.name)
        else {
          if (this.#state === 'starting' && isHopeless(error)) this.#startError = error
          this.#health.failed(desk.name, error)
          stages().loop.failed(desk)
        }
        this.#changed()
      },
      changed: () => this.#changed(),
    }
  }

  #changed(): void {
    this.#stages?.loop.pumpSoon()
    this.#watch.changed()
  }

  /** The order and its reasons are in `drain`; what follows it needs no job any more. */
  async #stop(stages: Stages, graceMs: number): Promise<void> {
    this.#enter('draining')
    stages.announcer.announce()
    await drain({
      loop: stages.loop,
      runner: this.#runner,
      desks: stages.desks,
      watch: this.#watch,
      timers: this.options.timers,
      logger: this.host.logger,
      graceMs: this.#hurried ? 0 : graceMs,
      leakAfterMs: this.options.leakAfterMs,
      settleMs: this.options.leaseMs,
      settlingLate: () => this.#lateHolds.size,
      hurried: () => this.#hurried,
    })
    // After the seats: until they are left, leases must not end. Before retiring: what monitors show last is the truth.
    await stages.keeper.stop()
    await stages.announcer.retire()
  }

  #obey(command: WorkerCommand): void {
    const { loop, announcer } = this.#stages as Stages
    if (this.#stopAsked) return
    switch (command.kind) {
      case 'quiet':
      case 'resume':
        loop.setReserving(command.kind === 'resume')
        this.#enter(command.kind === 'resume' ? 'running' : 'quiet')
        break
      case 'stop':
        this.self.stop()
        return
      case 'resize':
        this.#resize(command.size)
        break
      case 'ping':
        break
    }
    announcer.announce()
  }

  #resize(size: unknown): void {
    try {
      this.#runner.concurrency = checkConcurrency(size)
      this.#runner.turn()
      this.#changed()
    } catch (error) {
      this.host.logger.warn({ err: error }, 'a command to resize was refused')
    }
  }

  #info(keeper: LeaseKeeper): WorkerInfo {
    return {
      id: this.self.id,
      host: hostname(),
      pid: process.pid,
      version: VERSION,
      queues: this.#shares.map((share) => share.queue),
      concurrency: this.#runner.concurrency,
      startedAt: this.#startedAt,
      running: this.#runner.running,
      state: this.#state === 'idle' ? 'starting' : this.#state,
      eventLoopDelayMs: Math.round(keeper.takeLateMs()),
      rssBytes: process.memoryUsage.rss(),
    }
  }

  #enter(state: WorkerState): void {
    if (state === this.#state && state !== 'starting') return
    this.#state = state
    this.host.logger.info({ worker: this.self.id, queues: this.#shares.map((share) => share.queue) }, `worker ${state}`)
    this.options.onEvent?.({ kind: 'state', state })
  }

  #timedOut(): void {
    const cause = this.#health.lastError
    const what = `worker start within ${this.options.startTimeoutMs} ms`
    this.#startError ??= new BrokerUnavailableError(cause === undefined ? { what } : { what, cause })
    this.#changed()
  }

  #refused(hold: Hold, reservations: readonly Reservation[]): void {
    for (const reservation of reservations) {
      if (this.#runner.aloneHere) this.#runner.settledAlone(reservation)
      this.options.onEvent?.({
        kind: 'lost',
        jobId: reservation.id,
        task: '',
        queue: hold.lane.queue,
        attempt: reservation.attemptsUsed + 1,
      })
    }
    this.host.logger.warn(
      {
        queue: hold.lane.queue,
        incarnation: hold.seat.incarnation,
        count: reservations.length,
        jobs: reservations.slice(0, 20).map(({ id }) => id),
      },
      'verdicts were discarded: the jobs were no longer held',
    )
  }

  async #settleLate(hold: Hold): Promise<void> {
    const backOff = new BackOff(this.options.random)
    this.#lateHolds.add(hold)
    await settleLate(hold, {
      timers: this.options.timers,
      pause: () => backOff.next(),
      refused: (late, reservations) => reservations.length > 0 && this.#refused(late, reservations),
      stopped: () => this.#state === 'stopped',
    })
    this.#lateHolds.delete(hold)
    this.#watch.changed()
  }

  #watchStuck(): void {
    if (this.#stuckArmed) return
    this.#stuckArmed = true
    this.options.timers.after(STUCK_MS / 2, () => {
      this.#stuckArmed = false
      const released = this.#runner.releaseStuck(STUCK_MS)
      if (released > 0)
        this.host.logger.debug({ released }, 'jobs that were read ahead were put back: handlers became slow')
      if (this.#runner.waiting > 0) this.#watchStuck()
    })
  }
}

const FOR_EVER_MS = 2 ** 31 - 1

function deskOf(desks: readonly LaneDesk[], hold: Hold): LaneDesk | undefined {
  return desks.find((desk) => desk.hold === hold)
}

/** What a promise came to, readable at any time: for waits that something else may end first. */
function settledOf<T>(
  promise: Promise<T>,
  changed: () => void,
): { done: boolean; value: T | undefined; error: unknown } {
  const state: { done: boolean; value: T | undefined; error: unknown } = {
    done: false,
    value: undefined,
    error: undefined,
  }
  promise
    .then(
      (value) => Object.assign(state, { done: true, value }),
      (error: unknown) => Object.assign(state, { done: true, error }),
    )
    .finally(changed)
  return state
}

/** Errors that trying again cannot mend. */
function isHopeless(error: unknown): boolean {
  return error instanceof MillraceError && !ERROR_CATALOGUE[error.code].retryable
}

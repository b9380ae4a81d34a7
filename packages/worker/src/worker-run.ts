import type { Reservation, WorkerCommand, WorkerInfo } from '@millrace/broker'
import { BrokerUnavailableError, InvalidOptionError } from '@millrace/core'
import type { Attempt } from './attempt.js'
import { blameEscape } from './blame-escape.js'
import { deskHooks } from './desk-hooks.js'
import { FirstSight } from './execute/first-sight.js'
import { Runner } from './execute/runner.js'
import { StuckWatch } from './execute/stuck-watch.js'
import { TimeoutWheel } from './execute/timeout-wheel.js'
import type { Hold } from './hold.js'
import type { WorkerHost } from './host.js'
import { BrokerHealth } from './lifecycle/broker-health.js'
import { ConditionWatch } from './lifecycle/condition-watch.js'
import { describeWorker } from './lifecycle/describe-worker.js'
import { drain } from './lifecycle/drain.js'
import { FOR_EVER_MS, isHopeless, openBroker } from './lifecycle/open-broker.js'
import { obeyCommand } from './obey-command.js'
import { checkConcurrency, type QueueShare, type ResolvedWorkerOptions } from './options.js'
import { BackOff } from './reserve/back-off.js'
import { runningJobs } from './running-jobs.js'
import { LateSettler } from './settle/late-settler.js'
import { reportRefused } from './settle/report-refused.js'
import { type Stages, wireStages } from './stages.js'
import type { WorkerState } from './worker-event.js'
import { statusOf, type WorkerStatus } from './worker-status.js'

const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024

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
  readonly #stuck: StuckWatch
  readonly #late: LateSettler
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
    this.#late = new LateSettler(
      {
        timers,
        refused: (hold, reservations) => this.#refused(hold, reservations),
        stopped: () => this.#state === 'stopped',
      },
      () => this.#watch.changed(),
    )
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
        unknown: new FirstSight(),
        maxOutputBytes: host.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
        onEvent,
      },
      options.concurrency,
      { onEnded: () => this.#changed(), onWaiting: () => this.#stuck.look() },
    )
    this.#stuck = new StuckWatch(this.#runner, timers, host.logger)
  }

  async start(): Promise<void> {
    try {
      if (this.#shares.length === 0) {
        throw new InvalidOptionError({
          option: 'queues',
          found: [],
          expected: 'one at least, or a task before start()',
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
    return statusOf({
      state: this.#state,
      runner: this.#runner,
      desks: this.#stages?.desks ?? [],
      unsettledLate: this.#late.unsettled,
    })
  }

  /** The jobs that an error may have escaped from. To be asked inside the listener that heard of it. */
  blame(error: unknown): string[] {
    return blameEscape(error, this.#runner, this.#running())
  }

  async #begin(): Promise<void> {
    const backOff = new BackOff(this.options.random)
    const over = () => this.#stopAsked || this.#startError !== undefined
    const broker = await openBroker({
      open: () => this.host.broker(),
      over,
      pause: () => backOff.next(),
      health: this.#health,
      watch: this.#watch,
    })
    if (this.#startError !== undefined) throw this.#startError
    if (broker === undefined || this.#stopAsked) return
    const stages = wireStages({
      consumer: broker.consumer,
      host: this.host,
      options: this.options,
      shares: this.#shares,
      workerId: this.self.id,
      runner: this.#runner,
      hooks: deskHooks({
        stages: () => this.#stages as Stages,
        runner: this.#runner,
        late: this.#late,
        refused: (hold, reservations) => this.#refused(hold, reservations),
        health: (lane, error) => this.#heard(lane, error),
        changed: () => this.#changed(),
      }),
      info: (lateMs) => this.#info(lateMs),
      obey: (command) => this.#obey(command),
    })
    this.#stages = stages
    for (const desk of stages.desks) desk.join()
    await this.#watch.until(() => over() || stages.desks.every((desk) => desk.hold !== undefined), FOR_EVER_MS)
    if (this.#startError !== undefined) throw this.#startError
    if (this.#stopAsked) return
    this.#enter('running')
    stages.announcer.announce()
  }

  #changed(): void {
    this.#stages?.loop.pumpSoon()
    this.#watch.changed()
  }

  /** The order and its reasons are in `drain`; what follows it needs no job any more. */
  async #stop(stages: Stages, graceMs: number): Promise<void> {
    this.#enter('draining')
    stages.announcer.announce()
    const answered = await drain({
      loop: stages.loop,
      runner: this.#runner,
      desks: stages.desks,
      watch: this.#watch,
      timers: this.options.timers,
      logger: this.host.logger,
      graceMs: this.#hurried ? 0 : graceMs,
      leakAfterMs: this.options.leakAfterMs,
      settleMs: this.options.leaseMs,
      settlingLate: () => this.#late.seats,
      hurried: () => this.#hurried,
    })
    // After the seats: until they are left, leases must not end. Before retiring: what monitors show last is the truth.
    await stages.keeper.stop()
    if (answered) await stages.announcer.retire()
    else stages.announcer.stop()
  }

  #obey(command: WorkerCommand): void {
    const { loop, announcer } = this.#stages as Stages
    if (this.#stopAsked) return
    obeyCommand(command, {
      setReserving: (reserving) => {
        loop.setReserving(reserving)
        this.#enter(reserving ? 'running' : 'quiet')
      },
      stop: () => this.self.stop(),
      resize: (size) => this.#resize(size),
      announce: () => announcer.announce(),
    })
  }

  #resize(size: unknown): void {
    try {
      this.#runner.concurrency = checkConcurrency(size)
    } catch (error) {
      this.host.logger.warn({ err: error }, 'a command to resize was refused')
    }
    this.#runner.turn()
    this.#changed()
  }

  /** Attempts that outlived the turn that started them. */
  #running(): readonly Attempt[] {
    return (this.#stages?.desks ?? []).flatMap(({ hold }) => hold?.running.list() ?? [])
  }

  #info(lateMs: number): WorkerInfo {
    return describeWorker({
      id: this.self.id,
      queues: this.#shares.map((share) => share.queue),
      concurrency: this.#runner.concurrency,
      startedAt: this.#startedAt,
      running: this.#runner.running,
      jobs: runningJobs(this.#running(), this.options.clock),
      state: this.#state,
      lateMs,
    })
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

  #heard(lane: string, error: unknown): void {
    if (error === undefined) {
      this.#health.answered(lane)
      return
    }
    if (this.#state === 'starting' && isHopeless(error)) this.#startError = error
    this.#health.failed(lane, error)
  }

  #refused(hold: Hold, reservations: readonly Reservation[]): void {
    if (this.#runner.aloneHere) for (const reservation of reservations) this.#runner.settledAlone(reservation)
    reportRefused(hold, reservations, { logger: this.host.logger, onEvent: this.options.onEvent })
  }
}

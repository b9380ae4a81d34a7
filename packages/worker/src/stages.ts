import type { ConsumerPort, Seat, WorkerCommand, WorkerInfo } from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
import type { Runner } from './execute/runner.js'
import type { Hold } from './hold.js'
import type { WorkerHost } from './host.js'
import { LeaseKeeper } from './lease/lease-keeper.js'
import { Announcer } from './lifecycle/announcer.js'
import type { QueueShare, ResolvedWorkerOptions } from './options.js'
import type { DeskHooks } from './reserve/desk-setup.js'
import { LaneDesk } from './reserve/lane-desk.js'
import { ReserveLoop } from './reserve/reserve-loop.js'
import { SeatHold } from './seat-hold.js'
import { DurationSheet } from './settle/duration-sheet.js'

/** The stages of a run that need a broker. */
export interface Stages {
  readonly desks: readonly LaneDesk[]
  readonly loop: ReserveLoop
  readonly keeper: LeaseKeeper
  readonly announcer: Announcer
}

export interface StagesSetup {
  readonly consumer: ConsumerPort
  readonly host: WorkerHost
  readonly options: ResolvedWorkerOptions
  readonly shares: readonly QueueShare[]
  readonly workerId: string
  readonly runner: Runner
  readonly hooks: DeskHooks<LaneDesk>
  /** `lateMs`: how late the event loop was at worst. */
  readonly info: (lateMs: number) => WorkerInfo
  readonly obey: (command: WorkerCommand) => void
}

/** Makes a desk per lane and what serves them all. Nothing runs yet but the lease keeper. */
export function wireStages(setup: StagesSetup): Stages {
  const { consumer, options, runner, workerId } = setup
  const { clock, timers, random, leaseMs, onEvent } = options
  const { logger } = setup.host
  const durations = new DurationSheet()
  const told = { refused: setup.hooks.refused, changed: setup.hooks.changed, durations }
  const openHold = (seat: Seat, joinedAt: number) => new SeatHold(seat, joinedAt, told)
  const shared = { consumer, openHold, workerId, leaseMs, clock, timers, random, logger, hooks: setup.hooks, onEvent }
  const desks = setup.shares.flatMap(({ queue, weight }, rank) => {
    const lanes = setup.host.lanes?.(queue) ?? 1
    // The weight is the queue's: its lanes share it.
    return Array.from({ length: lanes }, (_, index) => {
      return new LaneDesk({ ...shared, lane: { queue, index }, rank, weight: weight / lanes })
    })
  })
  const deskOf = (hold: Hold) => desks.find((desk) => desk.hold === hold)
  const keeper = new LeaseKeeper({
    heartbeatMs: options.heartbeatMs,
    leaseMs,
    maxBlockMs: options.maxBlockMs,
    module: consumer.heartbeatModule(),
    clock,
    timers,
    logger,
    cancelled: (hold, ids) => runner.cancel(hold, ids),
    fenced: (hold, error) => deskOf(hold)?.fenced(hold, error),
    lapsed: (hold) => {
      const desk = deskOf(hold)
      desk?.give(hold, new LeaseLostError({ lane: desk.name, incarnation: hold.seat.incarnation }), false)
    },
    disagrees: (hold) => deskOf(hold)?.reconcile(hold),
  })
  const announcer = new Announcer({
    consumer,
    workerId,
    everyMs: options.announceMs,
    timers,
    logger,
    info: () => setup.info(keeper.takeLateMs()),
    durations,
    running: () => runner.running,
    obey: setup.obey,
  })
  const loop = new ReserveLoop(desks, runner, { strict: options.strict, consumer, timers, clock })
  return { desks, loop, keeper, announcer }
}

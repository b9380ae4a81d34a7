import type { Verdict } from '@millrace/core'
import type { CallOptions } from './call.js'
import type { TaskDurations } from './durations.js'
import type { Lane } from './lane.js'
import type { ReportUpdate } from './report.js'

/** A job handed to a worker: the right to settle it. */
export interface Reservation {
  readonly id: string
  readonly lane: Lane
  /** Which exchange handed it out. Grows per lane: the attempt's name, the handler's fencing token. Decimal digits. */
  readonly token: string
  /** The parsed wire message, or `undefined` where the stored bytes are no JSON. Check with `readMessage`. */
  readonly wire: unknown
  /** Attempts that ended before this one; `ctx.attempt` is this + 1. */
  readonly attemptsUsed: number
  /** Executions that ended with their worker's lease. */
  readonly crashes: number
  /** Handed out alone: crashed before and has one crash left. The worker runs nothing else beside it. */
  readonly alone: boolean
  /** Outputs of upstream jobs are waiting: read them with `Seat.inputs` before starting. */
  readonly composed: boolean
  /** Another job waits for this one's output: settle with `outputJson` even where no result is kept. */
  readonly feeds: boolean
  readonly atMostOnce: boolean
}

export interface Settlement {
  readonly reservation: Reservation
  readonly verdict: Verdict
}

export interface ReservationReport {
  readonly reservation: Reservation
  readonly update: ReportUpdate
}

export interface ExchangeRequest {
  /** What is done. At most `MAX_BATCH_JOBS`. */
  readonly settlements: readonly Settlement[]
  /** How many more jobs fit; 0 settles only. */
  readonly want: number
  /** The worker runs nothing at all, in any lane: it may be handed a job that must run alone. */
  readonly empty: boolean
  /** Counted into the lane's series, one line per task. */
  readonly tally?: readonly TaskTally[]
}

/** What a worker did since its last exchange, per task name. Bounded by the driver to 100 names a minute. */
export interface TaskTally {
  readonly task: string
  readonly succeeded: number
  readonly retried: number
  readonly failed: number
  /** Sum of handler time, ms. */
  readonly busyMs: number
}

export interface ExchangeReply {
  /** Settlements that were refused: the reservation was no longer held (reclaimed, settled before). */
  readonly lost: readonly Settlement[]
  readonly reservations: readonly Reservation[]
  /** Running jobs of this lane for which cancel was asked (any worker's; bounded). */
  readonly cancelled: readonly string[]
  /** A job that must run alone waits: finish what runs, reserve nothing new, then exchange with `empty`. */
  readonly drain: boolean
  /** More could be taken at once. */
  readonly more: boolean
  /** The lane is paused: nothing is handed out. */
  readonly paused: boolean
  /** The seat waits to be handed a job through `Seat.receive`, until its next exchange. Default false. */
  readonly atDoor?: boolean
}

export interface HeartbeatReply {
  readonly cancelled: readonly string[]
  /** How many exchanges (tokens) the store holds for this seat. Differs twice from the worker's → `reconcile`. */
  readonly tokens: number
}

/**
 * One incarnation of a worker in one lane: its lease. Every call on a fenced seat (lease reclaimed, left)
 * rejects with `LeaseLostError`; join again for a new one.
 */
export interface Seat {
  readonly lane: Lane
  readonly incarnation: string
  readonly leaseMs: number
  /**
   * Settles what is done and takes what fits: `running` → terminal | `retrying` | `ready`; `ready` → `running`.
   * Extends the lease. At most two calls may be in flight. Repeated by the driver until answered or `timeoutMs`;
   * a repeat is answered, not repeated.
   */
  exchange(request: ExchangeRequest, options?: CallOptions): Promise<ExchangeReply>
  /**
   * Lets the lane hand jobs over unasked: one at a time, to a seat whose last exchange found nothing that it wanted. `accept` gets
   * them as an exchange's: held, and to be settled. Called once, before the first exchange. Absent: this driver never does.
   */
  receive?(accept: (reservations: readonly Reservation[]) => void): void
  /**
   * Ends at once, where the store can, a job that somebody waits for: ahead of the exchange that settles it, which must follow. Nothing is
   * lost where it cannot. Resolves, never rejects, once that exchange may follow; `undefined` where it leaves the job to it. Absent: this
   * driver never does.
   */
  ahead?(settlement: Settlement): Promise<void> | undefined
  /** Extends the lease. */
  heartbeat(options?: CallOptions): Promise<HeartbeatReply>
  /** Puts back, uncounted, every job held by this seat under a token that is not among `tokens`. No exchange may be in flight. */
  reconcile(tokens: readonly string[], options?: CallOptions): Promise<{ readonly putBack: number }>
  /**
   * Notes that the handler of a job that crashed before (`crashes` > 0) is about to be entered: should the lease end, its crash is counted
   * to that job only with such a note. To be answered before the handler is entered. False when the reservation is no longer held.
   */
  begin(reservation: Reservation, options?: CallOptions): Promise<boolean>
  /** Outputs of the upstream jobs of a composed reservation, in order, as JSON texts. Paged inside; bounded by 64 MiB. */
  inputs(reservation: Reservation, options?: CallOptions): Promise<readonly string[]>
  /** Publishes progress of a running job; refused (false) when the reservation is no longer held. */
  progress(reservation: Reservation, valueJson: string, options?: CallOptions): Promise<boolean>
  /**
   * Keeps what handlers of running jobs said, for `InspectPort.report`. One answer each: false when the reservation is no longer held.
   * Sent before an exchange, it is done before it. A repeat adds no line twice. At most 1,000 updates.
   */
  report(updates: readonly ReservationReport[], options?: CallOptions): Promise<readonly boolean[]>
  /** Puts back, uncounted, everything still held and gives up the seat. Safe to repeat. */
  leave(options?: CallOptions): Promise<void>
}

/** What monitors show of a worker. Refreshed by `announce`, forgotten 60 s after the last. */
export interface WorkerInfo {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly version: string
  readonly queues: readonly string[]
  readonly concurrency: number
  readonly startedAt: number
  readonly running: number
  readonly state: 'starting' | 'running' | 'quiet' | 'draining' | 'stopped'
  readonly eventLoopDelayMs?: number
  readonly rssBytes?: number
  /** What runs, about the longest first; at most `MAX_RUNNING_TOLD`. */
  readonly jobs?: readonly RunningJob[]
}

/** Jobs that a worker names as running; `running` counts them all. */
export const MAX_RUNNING_TOLD = 50

/** A job whose handler runs. */
export interface RunningJob {
  readonly id: string
  readonly queue: string
  readonly task: string
  /** Starts at 1. */
  readonly attempt: number
  /** Ms since the epoch, by the worker's clock. */
  readonly since: number
}

/** A remote order to workers, from `control.broadcast`. */
export interface WorkerCommand {
  readonly id: string
  readonly kind: 'quiet' | 'resume' | 'stop' | 'resize' | 'ping'
  /** Worker ids; absent: all. */
  readonly workers?: readonly string[]
  /** New concurrency, for `resize`. */
  readonly size?: number
}

export interface ConsumerPort {
  /** Opens a seat: from here on the lane knows this incarnation. `worker` names the process, for monitors. */
  join(lane: Lane, worker: { readonly id: string; readonly leaseMs: number }, options?: CallOptions): Promise<Seat>
  /**
   * Resolves when one of the lanes may have work (true), or after at most 5 s (false). Never rejects for a lost
   * connection: it comes back by itself on a new one. Resolves false at once when `signal` aborts.
   */
  waitForWork(lanes: readonly Lane[], signal: AbortSignal): Promise<boolean>
  /** Refreshes what monitors show and returns the commands that were broadcast since the last call. */
  announce(info: WorkerInfo, options?: CallOptions): Promise<readonly WorkerCommand[]>
  /**
   * Calls `heard` when a command for this worker may have been broadcast: who then announces gets it at once. Calls it for nothing too,
   * and may miss one: the next announcement brings that. Returns what ends it. Absent: this driver does not tell.
   */
  hearCommands?(workerId: string, heard: () => void): () => void
  /** Adds to what `InspectPort.durations` answers. Counts again when it is repeated, also by a lost connection. */
  countDurations(durations: readonly TaskDurations[], options?: CallOptions): Promise<void>
  /** Forgets the worker's info. */
  retire(workerId: string, options?: CallOptions): Promise<void>
  /**
   * What a lease keeper thread needs to send heartbeats on its own connection: a module to import (its `openHeartbeats`
   * export, see `HeartbeatModule`) and structured-cloneable options; the same object each time, by which workers on one
   * broker know that they can share a thread. `undefined`: leases are kept by the main thread.
   */
  heartbeatModule(): { readonly url: string; readonly options: unknown } | undefined
}

/** The export of a driver's heartbeat module, run inside the lease keeper thread. */
export interface HeartbeatModule {
  openHeartbeats(options: unknown): Heartbeats
}

export interface Heartbeats {
  /** Extends the lease of an incarnation; rejects with `LeaseLostError` when it is fenced. */
  beat(lane: Lane, incarnation: string, options?: CallOptions): Promise<HeartbeatReply>
  close(): Promise<void>
}

import type { CallOptions } from './call.js'
import type { Lane } from './lane.js'

/** The fencing number of one term of leadership. Only grows. */
export type Epoch = number

export interface LaneAgenda {
  /** The store's clock, ms since the epoch. */
  readonly now: number
  /** When the next delayed job is due, if any. */
  readonly dueAt: number | undefined
  /** When the lane wants to be swept for expired leases, if any worker holds one. */
  readonly sweepAt: number | undefined
  /** Follow-ups that wait in the outbox. */
  readonly outbox: number
}

/** A job whose worker's lease ended while it held the job. */
export interface CrashedJob {
  readonly id: string
  /** How often by now. */
  readonly crashes: number
  /** It has failed with it: poison, or at-most-once. */
  readonly failed: boolean
}

export const MAX_CRASHED_TOLD = 100

/**
 * What only the elected dispatcher calls. Each call carries its epoch; a lane that has seen a larger one
 * refuses with `StaleEpochError`, one that has seen only smaller ones adopts it. Bounded work per call: repeat while `more`.
 */
export interface DispatchPort {
  /** Every lane that was ever written to. */
  lanes(options?: CallOptions): Promise<readonly Lane[]>
  /** The last minted epoch (0 when none): read it before the lock is won. */
  readEpoch(options?: CallOptions): Promise<Epoch>
  /**
   * Mints the epoch of a new term by compare-and-set against what was read before the lock was won:
   * `max(seen + 1, the store's time in ms)`. Rejects with `StaleEpochError` when another was minted since.
   */
  mintEpoch(seen: Epoch, leader: LeaderInfo, options?: CallOptions): Promise<Epoch>
  /** Marks the term as over, for monitors. Harmless when another term has begun. */
  endTerm(epoch: Epoch, options?: CallOptions): Promise<void>
  /** Due jobs: `scheduled`, `retrying` → `ready` (or `expired`, `cancelled`). */
  promoteDue(
    lane: Lane,
    epoch: Epoch,
    options?: CallOptions,
  ): Promise<{ readonly promoted: number; readonly more: boolean }>
  /**
   * Jobs of workers whose lease has ended: one crash counted each (to those that crashed before only if `Seat.begin` was called for
   * them), back to the front as suspects; failed as poison at their last. If the store itself was silent for long, every lease gets one full length first.
   */
  reclaimExpired(
    lane: Lane,
    epoch: Epoch,
    options?: CallOptions,
  ): Promise<{
    readonly reclaimed: number
    readonly poisoned: number
    /** Of these jobs the first `MAX_CRASHED_TOLD` that were charged a crash. */
    readonly crashed: readonly CrashedJob[]
    readonly more: boolean
  }>
  /** Hands outbox entries to the lanes they are for; each is applied once however often it is delivered. */
  drainOutbox(
    lane: Lane,
    epoch: Epoch,
    options?: CallOptions,
  ): Promise<{ readonly delivered: number; readonly more: boolean }>
  /** Bounds what is kept: failed jobs, remembered ids, sessions, parked jobs, series, events; re-arms the wake token. */
  trim(lane: Lane, epoch: Epoch, options?: CallOptions): Promise<{ readonly trimmed: number; readonly more: boolean }>
  agenda(lane: Lane, epoch: Epoch, options?: CallOptions): Promise<LaneAgenda>
  /**
   * Resolves when something earlier than planned appeared in one of the lanes (an earlier due time, an outbox entry, a first
   * lease) or a new lane was registered; after at most 5 s otherwise. Never rejects for a lost connection.
   */
  waitForAlarm(lanes: readonly Lane[], signal: AbortSignal): Promise<void>
}

export interface LeaderInfo {
  readonly candidate: string
  readonly host: string
  readonly pid: number
}

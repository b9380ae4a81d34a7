/*
 * How long a holder may believe in a lock, by its own monotonic clock. Pure.
 *
 * Invariant: every server counts `ttlMs` from a moment at or after `startedAt` (the holder reads its clock before it sends),
 * so no server lets the lock expire before `startedAt + ttlMs`, measured on a clock that runs at most `DRIFT_RATE` faster.
 * Trust ends `margin` before that.
 */

/** How much faster than ours a server's clock may run. */
const DRIFT_RATE = 0.01
/** Expiry on the server is rounded to whole milliseconds; two more than covers it. */
const DRIFT_FLOOR_MS = 2
/** A timer that fires this late still aborts the signal in time. */
const MARGIN_FLOOR_MS = 200
const MARGIN_RATE = 0.1

export const MIN_TTL_MS = 200
export const MAX_TTL_MS = 86_400_000
export const DEFAULT_TTL_MS = 8_000

export interface Claim {
  /** Monotonic ms, read before the first server was asked. */
  readonly startedAt: number
  readonly ttlMs: number
}

/** What clocks may have drifted apart over one `ttlMs`. */
export function driftMs(ttlMs: number): number {
  return ttlMs * DRIFT_RATE + DRIFT_FLOOR_MS
}

/** What is kept back for late timers and a write that is under way. */
export function marginMs(ttlMs: number): number {
  return Math.min(Math.max(ttlMs * MARGIN_RATE, MARGIN_FLOOR_MS), ttlMs / 3)
}

/** Redlock's validity: how much longer, seen from `now`, the lock surely lasts. Zero or less: not won. */
export function validityMs(claim: Claim, now: number): number {
  return claim.ttlMs - (now - claim.startedAt) - driftMs(claim.ttlMs)
}

/** The moment, monotonic ms, from which the holder must act as if the lock were gone. */
export function trustedUntil(claim: Claim): number {
  return claim.startedAt + claim.ttlMs - driftMs(claim.ttlMs) - marginMs(claim.ttlMs)
}

/** A third of the TTL: two renewals may fail before trust ends. */
export function renewEveryMs(ttlMs: number): number {
  return ttlMs / 3
}

/** How long one server may take to answer: a tenth of the TTL, 50 ms to 1 s. */
export function nodeTimeoutMs(ttlMs: number): number {
  return Math.min(Math.max(ttlMs / 10, 50), 1_000)
}

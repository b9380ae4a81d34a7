import type { Backoff } from '../retry/backoff.js'

export type Delivery = 'at-least-once' | 'at-most-once'

/** How a task's jobs are treated, as the code reads it: complete, checked, durations in ms. */
export interface TaskPolicy {
  readonly queue: string
  /** Attempts in all, the first included. 1 for at-most-once. */
  readonly attempts: number
  readonly backoff: Backoff
  /** Whether an error is worth another attempt; `undefined`: every one is. */
  readonly when: ((error: unknown) => boolean) | undefined
  /** The handler's signal aborts after so long. */
  readonly timeoutMs: number | undefined
  /** The attempt is given up after so long, whatever the handler does. */
  readonly hardTimeoutMs: number | undefined
  readonly delivery: Delivery
  /** How long the result is kept; 0: not at all. */
  readonly resultKeepMs: number
  /** Not started within so long of its arrival: expired. */
  readonly expiresMs: number | undefined
  /** Crashes until a job fails as poison. 1 for at-most-once. */
  readonly maxCrashes: number
  /** Former names under which jobs may still wait. */
  readonly aliases: readonly string[]
  readonly version: string | undefined
}

const HOUR = 3_600_000

/** How long a lane keeps what is over. Every bound is an option of the broker; longer or more costs Redis memory. */
export interface Retention {
  /** Failed jobs, ms. Default 7 days. */
  readonly failedMs: number
  /** Failed jobs, how many. Default 10,000. */
  readonly failedCount: number
  /** Jobs whose handlers' progress and log lines are kept, how many; those that would go soonest go first. Default 10,000. */
  readonly reportCount: number
  /** Ids of ended named jobs, ms: a repeat within this time is a duplicate. Default 24 hours. */
  readonly seenMs: number
  /** A job that waits for others that never come, ms; then it expires. Default 7 days. */
  readonly parkedMs: number
  /** Sessions of producers that say nothing, ms; far longer than any call lives. Default 1 hour. */
  readonly sessionMs: number
}

export const DEFAULT_RETENTION: Retention = {
  failedMs: 7 * 24 * HOUR,
  failedCount: 10_000,
  reportCount: 10_000,
  seenMs: 24 * HOUR,
  parkedMs: 7 * 24 * HOUR,
  sessionMs: HOUR,
}

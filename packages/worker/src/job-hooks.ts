import type { FailureRecord } from '@millrace/core'

/** Which execution of which job. */
export interface JobNotice {
  readonly jobId: string
  /** The task's name as the message gives it; empty where the message could not be read. */
  readonly task: string
  readonly queue: string
  /** Starts at 1. */
  readonly attempt: number
  /** Executions so far that ended with their worker's lease. */
  readonly crashes: number
  readonly headers: Readonly<Record<string, string>>
}

export interface FailureNotice extends JobNotice {
  /** What is stored and shown. */
  readonly failure: FailureRecord
  /** What the handler threw, as it was; `undefined` where nothing was thrown (a timeout, a retry asked for, a crash). */
  readonly error: unknown
}

export interface RetryNotice extends FailureNotice {
  /** Until the next attempt, ms. */
  readonly delayMs: number
}

export interface CrashNotice extends JobNotice {
  /** It runs no more: its last crash, or an at-most-once job. `onFailed` is told as well. */
  readonly failed: boolean
}

/**
 * Told what becomes of jobs, for error trackers. Called once the verdict is on its way; what they throw is logged and changes nothing.
 * A process that dies in between tells nobody.
 */
export interface JobHooks {
  /** An attempt failed and another one follows. */
  readonly onRetry?: (notice: RetryNotice) => unknown
  /** A job failed for good. */
  readonly onFailed?: (notice: FailureNotice) => unknown
  /**
   * A worker died, or lost its lease, with the job. Told by the dispatcher that takes the job back, so in a process that loaded this app
   * and leads; of at most 100 jobs a step.
   */
  readonly onCrash?: (notice: CrashNotice) => unknown
}

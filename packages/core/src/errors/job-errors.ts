import type { FailureReason, FailureRecord } from '../failure/failure-record.js'
import { brandError, MillraceError } from './millrace-error.js'

/** The job did not end in the time given to wait; it goes on. */
export class ResultTimeoutError extends MillraceError {
  declare readonly code: 'RESULT_TIMEOUT'
  readonly jobId: string
  readonly timeoutMs: number

  static {
    brandError(ResultTimeoutError, 'ResultTimeoutError')
  }

  constructor(detail: { readonly id: string; readonly timeoutMs: number }) {
    super(
      'RESULT_TIMEOUT',
      `Job ${detail.id} did not end within ${detail.timeoutMs} ms and goes on: wait longer, or check that a worker serves its queue.`,
    )
    this.jobId = detail.id
    this.timeoutMs = detail.timeoutMs
  }
}

/** The job ended, or never was, and left no result. */
export class ResultNotKeptError extends MillraceError {
  declare readonly code: 'RESULT_NOT_KEPT'
  readonly jobId: string

  static {
    brandError(ResultNotKeptError, 'ResultNotKeptError')
  }

  constructor(detail: { readonly id: string; readonly task?: string | undefined }) {
    const task = detail.task === undefined ? '' : ` of ${detail.task}`
    super(
      'RESULT_NOT_KEPT',
      `Job ${detail.id}${task} has left no result: give the task an output schema or results: { keep: '1h' }, and read within that time.`,
    )
    this.jobId = detail.id
  }
}

export class JobCancelledError extends MillraceError {
  declare readonly code: 'JOB_CANCELLED'
  readonly jobId: string

  static {
    brandError(JobCancelledError, 'JobCancelledError')
  }

  constructor(detail: { readonly id: string }) {
    super('JOB_CANCELLED', `Job ${detail.id} was cancelled.`)
    this.jobId = detail.id
  }
}

/** The job was not started before it expired, and never ran. */
export class JobExpiredError extends MillraceError {
  declare readonly code: 'JOB_EXPIRED'
  readonly jobId: string

  static {
    brandError(JobExpiredError, 'JobExpiredError')
  }

  constructor(detail: { readonly id: string }) {
    super('JOB_EXPIRED', `Job ${detail.id} expired before it was started: raise expires, or add workers to its queue.`)
    this.jobId = detail.id
  }
}

/** An attempt ran longer than its timeout. Also the reason of `ctx.signal` then. */
export class JobTimedOutError extends MillraceError {
  declare readonly code: 'JOB_TIMED_OUT'
  readonly timeoutMs: number

  static {
    brandError(JobTimedOutError, 'JobTimedOutError')
  }

  constructor(detail: { readonly timeoutMs: number }) {
    super('JOB_TIMED_OUT', `The attempt ran longer than its timeout of ${detail.timeoutMs} ms.`)
    this.timeoutMs = detail.timeoutMs
  }
}

/**
 * The job failed for good. `message` is the remote error's own; the rest of what is known about it stands beside it as
 * data: no class is ever revived by name.
 */
export class JobFailedError extends MillraceError {
  declare readonly code: 'JOB_FAILED'
  readonly jobId: string
  readonly task: string
  /** How many attempts were made. */
  readonly attempts: number
  readonly reason: FailureReason
  /** The remote error's name, e.g. `TypeError`. */
  readonly remoteName: string
  readonly remoteStack: string | undefined
  /** What the handler attached to its error as `data`. */
  readonly data: unknown

  static {
    brandError(JobFailedError, 'JobFailedError')
  }

  constructor(detail: {
    readonly jobId: string
    readonly task: string
    readonly attempts: number
    readonly failure: FailureRecord
  }) {
    super('JOB_FAILED', detail.failure.message)
    this.jobId = detail.jobId
    this.task = detail.task
    this.attempts = detail.attempts
    this.reason = detail.failure.reason
    this.remoteName = detail.failure.name
    this.remoteStack = detail.failure.stack
    this.data = detail.failure.data
  }
}

import { Fatal } from '../errors/fatal.js'
import { UnknownTaskError } from '../errors/input-errors.js'
import { JobTimedOutError } from '../errors/job-errors.js'
import type { FailureReason, FailureRecord } from '../failure/failure-record.js'
import { annotateFailure, recordFailure } from '../failure/record-failure.js'
import type { TaskPolicy } from '../task/task-policy.js'
import { backoffDelay } from './backoff-delay.js'
import type { Outcome } from './outcome.js'
import { CANCELLED, SUCCEEDED, type Verdict } from './verdict.js'

/** For how long a job whose task nobody here knows is put back, for a worker of a newer release, ms. */
export const UNKNOWN_TASK_PATIENCE_MS = 3_600_000
/** How long such a job rests each time, ms. */
export const UNKNOWN_TASK_DELAY_MS = 5_000

export interface Case {
  readonly outcome: Outcome
  /** The attempt that was made, from 1. */
  readonly attempt: number
  /** The worker's policy for the task; `undefined` when the task is unknown or the message unreadable. */
  readonly policy: TaskPolicy | undefined
  /** The job was enqueued as at-most-once (the reservation says so); the policy may say so, too. */
  readonly atMostOnce: boolean
  /** Another job waits for the output. */
  readonly feeds: boolean
  /** Ms since the epoch, by the producer's clock. */
  readonly enqueuedAt: number
  /** Ms since the epoch. */
  readonly now: number
  /** 0 … 1; default `Math.random`. */
  readonly random?: () => number
  /** Output to JSON text; throws when it cannot be written. */
  encodeOutput(value: unknown): string
}

/**
 * Decides what becomes of a job from what its handler did. Pure; never throws, whatever the handler threw and whatever the
 * policy's own functions do.
 */
export function judge(given: Case): Verdict {
  const { outcome } = given
  switch (outcome.kind) {
    case 'returned':
      return judgeReturned(given, outcome.value)
    case 'threw':
      return judgeThrown(given, outcome.error, outcome.error instanceof Fatal ? 'fatal' : 'error')
    case 'timed-out':
      return judgeThrown(given, new JobTimedOutError({ timeoutMs: outcome.timeoutMs }), 'timeout')
    case 'asked-retry':
      return judgeAskedRetry(given, outcome.delayMs)
    case 'aborted':
      return judgeAborted(given, outcome.why)
    case 'malformed':
    case 'invalid-input':
      return fail(given, record(given, outcome.error, outcome.kind))
    case 'unknown-task':
      return judgeUnknownTask(given, outcome.task)
  }
}

function judgeReturned(given: Case, value: unknown): Verdict {
  const keepMs = keepMsOf(given)
  if (keepMs === 0 && !given.feeds) return SUCCEEDED
  try {
    return { kind: 'succeed', outputJson: given.encodeOutput(value), keepMs }
  } catch (error) {
    return fail(given, record(given, error, 'invalid-output'))
  }
}

function judgeThrown(given: Case, error: unknown, reason: FailureReason): Verdict {
  const failure = record(given, error, reason)
  if (reason === 'fatal' || !mayRetry(given)) return fail(given, failure)
  const { when, backoff } = given.policy
  try {
    if (when !== undefined && !answerOf(when, error)) return fail(given, failure)
  } catch (thrown) {
    return fail(given, annotateFailure(failure, 'retry.when threw', thrown))
  }
  try {
    return { kind: 'retry', delayMs: backoffDelay(backoff, given.attempt, error, given.random), failure }
  } catch (thrown) {
    return fail(given, annotateFailure(failure, 'retry.backoff threw', thrown))
  }
}

function judgeAskedRetry(given: Case, delayMs: number | undefined): Verdict {
  const asked = new Error('The handler asked for a retry')
  asked.name = 'RetryRequest'
  // The stack would be this file's, not the handler's.
  delete (asked as { stack?: string }).stack
  const failure = record(given, asked, 'retry-asked')
  if (!mayRetry(given)) return fail(given, failure)
  if (delayMs !== undefined) return { kind: 'retry', delayMs, failure }
  try {
    return { kind: 'retry', delayMs: backoffDelay(given.policy.backoff, given.attempt, asked, given.random), failure }
  } catch (thrown) {
    return fail(given, annotateFailure(failure, 'retry.backoff threw', thrown))
  }
}

function judgeAborted(given: Case, why: 'cancelled' | 'released' | 'lease-lost'): Verdict {
  if (why === 'cancelled') return CANCELLED
  if (!isAtMostOnce(given)) return { kind: 'release', delayMs: 0 }
  const what = why === 'released' ? 'worker stopped' : 'lease was lost'
  const error = new Error(`The ${what} before the handler ended; an at-most-once job is not run again`)
  return fail(given, record(given, error, why === 'released' ? 'error' : 'lease-lost'))
}

function judgeUnknownTask(given: Case, task: string): Verdict {
  // A producer's clock that runs ahead makes the age negative: still patient.
  if (given.now - given.enqueuedAt < UNKNOWN_TASK_PATIENCE_MS)
    return { kind: 'release', delayMs: UNKNOWN_TASK_DELAY_MS }
  return fail(given, record(given, new UnknownTaskError({ task }), 'unknown-task'))
}

/** An async `when` answers too late: its promise would count as yes. */
function answerOf(when: (error: unknown) => unknown, error: unknown): boolean {
  const answer = when(error)
  if (typeof answer === 'object' && answer !== null) throw new TypeError('it must answer true or false at once')
  return Boolean(answer)
}

function mayRetry(given: Case): given is Case & { policy: TaskPolicy } {
  return given.policy !== undefined && !isAtMostOnce(given) && given.attempt < given.policy.attempts
}

function isAtMostOnce(given: Case): boolean {
  return given.atMostOnce || given.policy?.delivery === 'at-most-once'
}

function keepMsOf(given: Case): number {
  return given.policy?.resultKeepMs ?? 0
}

function fail(given: Case, failure: FailureRecord): Verdict {
  return { kind: 'fail', failure, keepMs: keepMsOf(given) }
}

function record(given: Case, error: unknown, reason: FailureReason): FailureRecord {
  return recordFailure(error, { reason, attempt: given.attempt, at: given.now })
}

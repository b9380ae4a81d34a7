import type { Outcome } from '@millrace/core'
import type { AbortReason, Attempt } from '../attempt.js'
import { abortError } from './abort-error.js'
import type { AttemptEnvironment } from './attempt-environment.js'
import { jobEvent, settleAttempt } from './settle-attempt.js'

/**
 * Tells a running attempt to stop. The first reason decides, except that a lost lease overrides all: its verdict counts no more.
 * A handler that ignores a timeout is given `leakAfterMs` (or what its hard timeout leaves), then its slot is freed.
 */
export function abortAttempt(attempt: Attempt, why: AbortReason, environment: AttemptEnvironment): void {
  if (attempt.ended) return
  if (attempt.abortedBy !== undefined) {
    if (why === 'lease-lost') attempt.abortedBy = why
    return
  }
  attempt.abortedBy = why
  if (why === 'timed-out')
    attempt.alarm = environment.wheel.arm(graceMs(attempt, environment), () => giveUp(attempt, environment))
  attempt.controller?.abort(abortError(attempt, why))
}

function graceMs(attempt: Attempt, environment: AttemptEnvironment): number {
  const hard = attempt.definition?.policy.hardTimeoutMs
  if (hard === undefined) return environment.leakAfterMs
  return Math.max(0, attempt.startedAt + hard - environment.clock.monotonic())
}

/** Ends an aborted attempt whose handler has not come back; what it still does is discarded. */
export function giveUp(attempt: Attempt, environment: AttemptEnvironment): void {
  if (attempt.ended) return
  attempt.leaked = true
  environment.logger.warn(
    { jobId: attempt.reservation.id, task: attempt.task, attempt: attempt.number, why: attempt.abortedBy },
    'a handler ignores its abort: its slot is free again, but it still runs',
  )
  environment.onEvent?.({ kind: 'leaked', ...jobEvent(attempt) })
  settleAttempt(attempt, outcomeOfAbort(attempt, attempt.abortedBy ?? 'timed-out'), environment)
}

/** The attempt has failed, whatever its handler still does: it may never come back. */
export function failEscaped(attempt: Attempt, error: unknown, environment: AttemptEnvironment): void {
  if (attempt.ended) return
  attempt.leaked = true
  attempt.controller?.abort(error)
  settleAttempt(attempt, { kind: 'threw', error }, environment)
}

/** What an attempt comes to that was told to stop. */
export function outcomeOfAbort(attempt: Attempt, why: AbortReason): Outcome {
  return why === 'timed-out'
    ? { kind: 'timed-out', timeoutMs: attempt.timeoutMs ?? attempt.definition?.policy.hardTimeoutMs ?? 0 }
    : { kind: 'aborted', why }
}

import type { Outcome } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { AttemptEnvironment } from './attempt-environment.js'
import { judgeOutcome } from './judge-outcome.js'

/** Ends an attempt with what its outcome comes to; one that has ended stays as it is. */
export function settleAttempt(attempt: Attempt, outcome: Outcome, environment: AttemptEnvironment): void {
  if (attempt.ended) return
  environment.ended(attempt, judgeOutcome(attempt, outcome, environment), outcome)
}

/** The part of an event that names the job. */
export function jobEvent(attempt: Attempt): { jobId: string; task: string; queue: string; attempt: number } {
  const { id, lane } = attempt.reservation
  return { jobId: id, task: attempt.task, queue: lane.queue, attempt: attempt.number }
}

import { CANCELLED, judge, type Outcome, recordFailure, SUCCEEDED, toJson, type Verdict } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { AttemptEnvironment } from './attempt-environment.js'

/** Turns what happened into what is decided. The ordinary success costs nothing. */
export function judgeOutcome(attempt: Attempt, outcome: Outcome, environment: AttemptEnvironment): Verdict {
  const { reservation, definition, message } = attempt
  if (outcome.kind === 'returned' && !reservation.feeds && definition?.policy.resultKeepMs === 0) return SUCCEEDED
  if (outcome.kind === 'aborted' && outcome.why === 'cancelled') return CANCELLED
  const now = environment.clock.now()
  try {
    return judge({
      outcome,
      attempt: attempt.number,
      policy: definition?.policy,
      atMostOnce: reservation.atMostOnce,
      feeds: reservation.feeds,
      enqueuedAt:
        outcome.kind === 'unknown-task' ? environment.unknown.of(reservation.id, now) : (message?.enqueuedAt ?? now),
      now,
      random: environment.random,
      encodeOutput: (value) => encodeOutput(value, environment),
    })
  } catch (error) {
    environment.logger.error({ err: error, jobId: reservation.id }, 'the verdict could not be judged')
    return {
      kind: 'fail',
      failure: recordFailure(error, { reason: 'error', attempt: attempt.number, at: now }),
      keepMs: 0,
    }
  }
}

/** An output that its schema refuses: trying again would burn attempts on the same mistake. */
export function invalidOutput(attempt: Attempt, error: unknown, environment: AttemptEnvironment): Verdict {
  const failure = recordFailure(error, {
    reason: 'invalid-output',
    attempt: attempt.number,
    at: environment.clock.now(),
  })
  return { kind: 'fail', failure, keepMs: attempt.definition?.policy.resultKeepMs ?? 0 }
}

function encodeOutput(value: unknown, environment: AttemptEnvironment): string {
  const { codec } = environment.host
  return toJson(codec === undefined ? value : codec.encode(value), {
    what: 'output',
    maxBytes: environment.maxOutputBytes,
    // A handler that returns nothing has succeeded; what waits for its output gets null.
    allowUndefined: true,
  })
}

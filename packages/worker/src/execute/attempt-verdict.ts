import type { Outcome, Verdict } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { AttemptVerdict } from '../host.js'

/** What became of an attempt, as middleware is told. */
export function attemptVerdict(attempt: Attempt, verdict: Verdict, outcome: Outcome | undefined): AttemptVerdict {
  if (attempt.owner.lost) return { kind: 'lost' }
  if (verdict.kind !== 'retry' && verdict.kind !== 'fail') return { kind: verdict.kind }
  const error = outcome !== undefined && 'error' in outcome ? outcome.error : undefined
  const { kind, failure } = verdict
  return kind === 'fail' ? { kind, failure, error } : { kind, failure, error, delayMs: verdict.delayMs }
}

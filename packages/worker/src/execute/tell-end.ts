import type { Verdict } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { WorkerEvent } from '../worker-event.js'
import { jobEvent } from './settle-attempt.js'

/** Tells how an attempt ended, as the event of its verdict. */
export function tellEnd(
  onEvent: (event: WorkerEvent) => void,
  attempt: Attempt,
  { verdict, durationMs }: { readonly verdict: Verdict; readonly durationMs: number },
): void {
  // The refusal of its verdict has been told.
  if (attempt.owner.lost && attempt.started) return
  const job = jobEvent(attempt)
  if (verdict.kind === 'succeed') onEvent({ kind: 'succeeded', ...job, durationMs })
  else if (verdict.kind === 'retry')
    onEvent({ kind: 'retried', ...job, delayMs: verdict.delayMs, failure: verdict.failure })
  else if (verdict.kind === 'fail') onEvent({ kind: 'failed', ...job, failure: verdict.failure })
  else if (verdict.kind === 'release') onEvent({ kind: 'released', ...job, delayMs: verdict.delayMs })
  else onEvent({ kind: 'cancelled', ...job })
}

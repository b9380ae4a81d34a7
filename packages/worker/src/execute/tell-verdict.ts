import type { Outcome, Verdict } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import { tellHooks } from '../tell-hooks.js'
import type { AttemptEnvironment } from './attempt-environment.js'
import { jobEvent } from './settle-attempt.js'

/** Tells the app's hooks of an attempt that did not succeed. */
export function tellVerdict(
  attempt: Attempt,
  judged: { readonly verdict: Verdict; readonly outcome: Outcome | undefined },
  environment: AttemptEnvironment,
): void {
  const { host, logger } = environment
  const { verdict, outcome } = judged
  if (host.hooks === undefined || host.hooks.length === 0) return
  // Its verdict counts no more: the next execution decides.
  if (attempt.owner.lost) return
  if (verdict.kind !== 'retry' && verdict.kind !== 'fail') return
  const notice = {
    ...jobEvent(attempt),
    crashes: attempt.reservation.crashes,
    headers: attempt.message?.extras.headers ?? {},
    failure: verdict.failure,
    error: outcome !== undefined && 'error' in outcome ? outcome.error : undefined,
  }
  if (verdict.kind === 'fail') tellHooks(host.hooks, 'onFailed', { notice, logger })
  else tellHooks(host.hooks, 'onRetry', { notice: { ...notice, delayMs: verdict.delayMs }, logger })
}

import { laneName } from '@millrace/broker'
import { JobCancelledError, JobTimedOutError, LeaseLostError } from '@millrace/core'
import type { AbortReason, Attempt } from '../attempt.js'

/** What `ctx.signal.reason` is. */
export function abortError(attempt: Attempt, why: AbortReason): Error {
  switch (why) {
    case 'timed-out':
      return new JobTimedOutError({ timeoutMs: attempt.timeoutMs ?? 0 })
    case 'cancelled':
      return new JobCancelledError({ id: attempt.reservation.id })
    case 'lease-lost':
      return new LeaseLostError({
        lane: laneName(attempt.reservation.lane),
        incarnation: attempt.owner.seat.incarnation,
      })
    case 'released':
      return new DOMException('The worker is shutting down; the job goes back to its queue', 'AbortError')
  }
}

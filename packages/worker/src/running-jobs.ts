import { MAX_RUNNING_TOLD, type RunningJob } from '@millrace/broker'
import type { Clock } from '@millrace/core'
import type { Attempt } from './attempt.js'

/** What monitors are told of the jobs that run: the first to start of all of these. */
export function runningJobs(attempts: readonly Attempt[], clock: Clock): readonly RunningJob[] {
  const found = attempts.toSorted((a, b) => a.startedAt - b.startedAt)
  const offset = clock.now() - clock.monotonic()
  return found.slice(0, MAX_RUNNING_TOLD).map((attempt) => ({
    id: attempt.reservation.id,
    queue: attempt.reservation.lane.queue,
    task: attempt.definition?.name ?? attempt.task,
    attempt: attempt.number,
    since: Math.round(offset + attempt.startedAt),
  }))
}

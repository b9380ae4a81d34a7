import { MAX_RUNNING_TOLD, type RunningJob } from '@millrace/broker'
import type { Clock } from '@millrace/core'
import type { Attempt } from './attempt.js'

/** What monitors are told of the jobs that run: of each lane the first to start, then of all of these the first. */
export function runningJobs(lanes: Iterable<Iterable<Attempt>>, clock: Clock): readonly RunningJob[] {
  const found: Attempt[] = []
  for (const lane of lanes) {
    let told = 0
    for (const attempt of lane) {
      if (++told > MAX_RUNNING_TOLD) break
      found.push(attempt)
    }
  }
  found.sort((a, b) => a.startedAt - b.startedAt)
  const offset = clock.now() - clock.monotonic()
  return found.slice(0, MAX_RUNNING_TOLD).map((attempt) => ({
    id: attempt.reservation.id,
    queue: attempt.reservation.lane.queue,
    task: attempt.definition?.name ?? attempt.task,
    attempt: attempt.number,
    since: Math.round(offset + attempt.startedAt),
  }))
}

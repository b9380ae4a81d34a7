import type { Monitor, QueueView } from '@millrace/monitor'
import { durationText } from '../output/time-text.js'
import { type DoctorFinding, doubtful } from './doctor-finding.js'

/** A dispatcher that was killed is replaced within this time. */
const LATE_MS = 30_000
const MAX_QUEUES = 20

/** Whether time is moved forward at all: a leader that was killed leaves no other trace. */
export async function checkOverdue(
  monitor: Pick<Monitor, 'jobs'>,
  queues: readonly QueueView[],
  now: number,
): Promise<DoctorFinding[]> {
  const waiting = queues.filter((queue) => queue.due > 0).slice(0, MAX_QUEUES)
  const found = await Promise.all(
    waiting.map(async ({ queue }) => {
      const pages = await Promise.all(
        (['scheduled', 'retrying'] as const).map((state) => monitor.jobs({ queue, state, limit: 1 })),
      )
      const late = Math.max(...pages.map((page) => now - (page.jobs[0]?.dueAt ?? now)))
      return late < LATE_MS ? [] : [doubtful('overdue', `a job of queue ${queue} is ${durationText(late)} late`, FIX)]
    }),
  )
  return found.flat()
}

const FIX = 'See millrace leader: is that process alive? Else start a worker or millrace dispatcher.'

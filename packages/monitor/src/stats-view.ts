import { readLeader } from './leader-view.js'
import type { MonitorScope } from './monitor-scope.js'
import { type QueueView, readQueues } from './queue-view.js'
import { readWorkers } from './worker-view.js'

/** The whole app in a few figures: its queues summed up, who works on them, who leads. */
export interface StatsView extends Omit<QueueView, 'queue' | 'paused' | 'pausedLanes' | 'lanes' | 'reports'> {
  /** When this was read, ms since the epoch by this process's clock. */
  readonly at: number
  readonly queues: number
  readonly pausedQueues: number
  readonly workers: number
  /** Handlers that may run at once, over all workers. */
  readonly concurrency: number
  /** The candidate that leads; null when none does. */
  readonly leader: string | null
}

export async function readStats(scope: MonitorScope, now: number): Promise<StatsView> {
  const [queues, workers, leader] = await Promise.all([readQueues(scope), readWorkers(scope), readLeader(scope)])
  const sum = (pick: (view: QueueView) => number) => queues.reduce((total, view) => total + pick(view), 0)
  const ages = queues.flatMap((view) => view.oldestReadyMs ?? [])
  return {
    at: now,
    queues: queues.length,
    pausedQueues: sum((view) => (view.paused ? 1 : 0)),
    ready: sum((view) => view.ready),
    suspects: sum((view) => view.suspects),
    due: sum((view) => view.due),
    parked: sum((view) => view.parked),
    running: sum((view) => view.running),
    failed: sum((view) => view.failed),
    oldestReadyMs: ages.length === 0 ? null : Math.max(...ages),
    totals: {
      succeeded: sum((view) => view.totals.succeeded),
      retried: sum((view) => view.totals.retried),
      failed: sum((view) => view.totals.failed),
      crashed: sum((view) => view.totals.crashed),
    },
    workers: workers.length,
    concurrency: workers.reduce((total, worker) => total + worker.concurrency, 0),
    leader: leader === null || leader.endedAt !== null ? null : leader.candidate,
  }
}

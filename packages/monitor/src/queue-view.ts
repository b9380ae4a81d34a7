import type { LaneCounts } from '@millrace/broker'
import { inParallel } from './in-parallel.js'
import { readLanes } from './lane-map.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'

/** A queue, summed over its lanes. */
export interface QueueView {
  readonly queue: string
  /** How many lanes it has. */
  readonly lanes: number
  /** All of its lanes are paused. */
  readonly paused: boolean
  /** More than 0 and less than `lanes` while a pause is on its way. */
  readonly pausedLanes: number
  /** Jobs that a worker may take now, without `suspects`. */
  readonly ready: number
  /** Crashed before, handed out one at a time. */
  readonly suspects: number
  /** Delayed jobs and jobs between two attempts. */
  readonly due: number
  /** Wait for upstream jobs. */
  readonly parked: number
  readonly running: number
  /** Failed for good and kept. */
  readonly failed: number
  /** How often handlers' progress and log lines were written. */
  readonly reports: number
  /** How long the job at the head of `ready` has waited, ms; null when none waits. */
  readonly oldestReadyMs: number | null
  /** Since the queue was made. */
  readonly totals: {
    readonly succeeded: number
    readonly retried: number
    readonly failed: number
    readonly crashed: number
  }
}

/** Every queue that was ever used, by name. One call to the broker per lane. */
export async function readQueues(scope: MonitorScope): Promise<QueueView[]> {
  const broker = await scope.broker()
  const map = await readLanes(scope)
  const counts = await inParallel([...map.values()].flat(), async (lane) => ({
    queue: lane.queue,
    counts: await broker.inspect.counts(lane, callOptions(scope)),
  }))
  return [...map.keys()].map((queue) =>
    sumLanes(
      queue,
      counts.filter((one) => one.queue === queue).map((one) => one.counts),
    ),
  )
}

function sumLanes(queue: string, lanes: readonly LaneCounts[]): QueueView {
  const sum = (pick: (counts: LaneCounts) => number) => lanes.reduce((total, counts) => total + pick(counts), 0)
  const ages = lanes.flatMap((counts) => counts.oldestReadyMs ?? [])
  const pausedLanes = sum((counts) => (counts.paused ? 1 : 0))
  return {
    queue,
    lanes: lanes.length,
    paused: pausedLanes === lanes.length,
    pausedLanes,
    ready: sum((counts) => counts.ready),
    suspects: sum((counts) => counts.suspects),
    due: sum((counts) => counts.due),
    parked: sum((counts) => counts.parked),
    running: sum((counts) => counts.running),
    failed: sum((counts) => counts.failed),
    reports: sum((counts) => counts.reports),
    oldestReadyMs: ages.length === 0 ? null : Math.max(...ages),
    totals: {
      succeeded: sum((counts) => counts.succeeded),
      retried: sum((counts) => counts.retried),
      failed: sum((counts) => counts.failedEver),
      crashed: sum((counts) => counts.crashed),
    },
  }
}

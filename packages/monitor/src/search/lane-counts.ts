import type { Lane, LaneCounts } from '@millrace/broker'
import type { JobState } from '@millrace/core'
import { inParallel } from '../in-parallel.js'
import { readLanes } from '../lane-map.js'
import { callOptions, type MonitorScope } from '../monitor-scope.js'
import { fitsQueue, type JobFilter } from './job-filter.js'

export interface CountedLane {
  readonly lane: Lane
  readonly counts: LaneCounts
}

/** The lanes of the queues that a filter names, by queue and index, with their counts. One call to the broker per lane. */
export async function countLanes(scope: MonitorScope, filter: JobFilter): Promise<CountedLane[]> {
  const { inspect } = await scope.broker()
  const lanes = [...(await readLanes(scope)).values()].flat().filter((lane) => fitsQueue(filter, lane.queue))
  return inParallel(lanes, async (lane) => ({ lane, counts: await inspect.counts(lane, callOptions(scope)) }))
}

/** The most jobs that a lane has in a state; undefined where the store does not count them. */
export function mostIn(state: JobState, counts: LaneCounts): number | undefined {
  switch (state) {
    case 'running':
      return counts.running
    case 'ready':
      return counts.ready + counts.suspects
    case 'retrying':
      return counts.due
    case 'scheduled':
      return counts.due + counts.parked
    case 'failed':
      return counts.failed
    default:
      return undefined
  }
}

import type { Lane } from '@millrace/broker'
import { inParallel } from './in-parallel.js'
import { lanesOfQueue, readLanes } from './lane-map.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'

export interface PauseAnswer {
  readonly queue: string
  readonly paused: boolean
  /** How many lanes were told. */
  readonly lanes: number
}

export interface PurgeAnswer {
  readonly queue: string
  /** Jobs that were cancelled. */
  readonly purged: number
  /** False when `signal` ended it before the queue was empty. */
  readonly complete: boolean
}

export interface Steps {
  /** Called after each bounded step with the sum so far. */
  readonly onProgress?: (count: number) => void
  /** Ends the work between two steps. */
  readonly signal?: AbortSignal
}

/** Throws `InvalidOptionError` for a queue that was never used. */
export async function setPaused(scope: MonitorScope, queue: string, paused: boolean): Promise<PauseAnswer> {
  const { control } = await scope.broker()
  const lanes = lanesOfQueue(await readLanes(scope), queue)
  const tell = (lane: Lane) =>
    paused ? control.pause(lane, callOptions(scope)) : control.resume(lane, callOptions(scope))
  await inParallel(lanes, tell)
  return { queue, paused, lanes: lanes.length }
}

/** Cancels what waits in the queue, lane by lane. Throws `InvalidOptionError` for a queue that was never used. */
export async function purgeQueue(scope: MonitorScope, queue: string, steps: Steps): Promise<PurgeAnswer> {
  const { control } = await scope.broker()
  let purged = 0
  for (const lane of lanesOfQueue(await readLanes(scope), queue)) {
    for (let more = true; more; ) {
      if (steps.signal?.aborted === true) return { queue, purged, complete: false }
      const step = await control.purge(lane, callOptions(scope))
      purged += step.purged
      more = step.more
      steps.onProgress?.(purged)
    }
  }
  return { queue, purged, complete: true }
}

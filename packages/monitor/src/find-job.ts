import type { JobView as BrokerJobView, Lane } from '@millrace/broker'
import { checkJobId } from '@millrace/core'
import { inParallel } from './in-parallel.js'
import { type LaneMap, lanesOfQueue, likelyLane, readLanes } from './lane-map.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'

/**
 * Every job of this id that left a trace, one per lane at most, by queue. Looks first where the id belongs, in each queue;
 * only where that finds nothing (a job routed by `key`), in all the other lanes.
 *
 * Throws `InvalidNameError` for what is no id, `InvalidOptionError` for a queue that was never used.
 */
export async function findJobs(scope: MonitorScope, id: string, queue: string | undefined): Promise<BrokerJobView[]> {
  checkJobId(id)
  const broker = await scope.broker()
  const map = narrow(await readLanes(scope), queue)
  const look = async (lanes: readonly Lane[]) => {
    const views = await inParallel(lanes, (lane) => broker.inspect.job({ lane, id }, callOptions(scope)))
    return views.filter((view) => view.state !== 'unknown')
  }
  const likely = [...map.values()].flatMap((lanes) => likelyLane(scope, lanes, id) ?? [])
  const found = await look(likely)
  if (found.length > 0) return found
  return look([...map.values()].flat().filter((lane) => !likely.includes(lane)))
}

function narrow(map: LaneMap, queue: string | undefined): LaneMap {
  return queue === undefined ? map : new Map([[queue, lanesOfQueue(map, queue)]])
}

import type { Lane } from '@millrace/broker'
import { checkName, closestName, InvalidOptionError, laneOfJobId } from '@millrace/core'
import { callOptions, type MonitorScope } from './monitor-scope.js'

/** The registered lanes by queue: queues by name, lanes by index. */
export type LaneMap = ReadonlyMap<string, readonly Lane[]>

export async function readLanes(scope: MonitorScope): Promise<LaneMap> {
  const broker = await scope.broker()
  const lanes = [...(await broker.inspect.lanes(callOptions(scope)))]
  lanes.sort((a, b) => (a.queue === b.queue ? a.index - b.index : a.queue < b.queue ? -1 : 1))
  const map = new Map<string, Lane[]>()
  for (const lane of lanes) {
    const known = map.get(lane.queue)
    if (known === undefined) map.set(lane.queue, [lane])
    else known.push(lane)
  }
  return map
}

/** The lanes of one queue. Throws `InvalidOptionError`, with the closest name, where nothing was ever put on such a queue. */
export function lanesOfQueue(map: LaneMap, queue: string): readonly Lane[] {
  const lanes = map.get(checkName('queue', queue))
  if (lanes !== undefined) return lanes
  const known = [...map.keys()]
  throw new InvalidOptionError({
    option: 'queue',
    found: queue,
    expected:
      known.length === 0 ? 'a queue that was used before; this app has none yet' : 'a queue that was used before',
    suggestion: closestName(queue, known),
  })
}

/** Where a job of this id and queue would be by the rule of ids. `undefined`: that lane is not registered. */
export function likelyLane(scope: MonitorScope, lanes: readonly Lane[], id: string): Lane | undefined {
  const last = lanes.at(-1)
  if (last === undefined) return undefined
  const width = Math.max(last.index + 1, scope.lanes?.(last.queue) ?? 1)
  const index = laneOfJobId(id, width)
  return lanes.find((lane) => lane.index === index)
}

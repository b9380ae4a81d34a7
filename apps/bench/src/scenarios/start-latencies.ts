import { VoidFigure } from '../measure/void-figure.js'
import type { Drained } from '../process/await-drain.js'
import type { WaitLog } from '../workloads/producer-workloads.js'

/** From each enqueue call to its handler's start, ms, without the first `warmUp` jobs. Throws `VoidFigure`. */
export function startLatencies(log: WaitLog, { snapshots }: Drained, warmUp: number): number[] {
  const starts = snapshots[0]?.startTimes
  if (starts === undefined) throw new VoidFigure('the worker kept no start times')
  const latencies = Array.from(log.sent, (sent, x) => (starts[x] as number) - sent).slice(warmUp)
  if (latencies.every((latency) => Number.isFinite(latency))) return latencies
  throw new VoidFigure('some jobs have no start time')
}

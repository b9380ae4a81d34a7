import { type Lane, MAX_SERIES_STEPS, type SeriesPoint, type TaskTally } from '@millrace/broker'
import { inParallel } from '../in-parallel.js'
import { lanesOfQueue, readLanes } from '../lane-map.js'
import { callOptions, type MonitorScope } from '../monitor-scope.js'

export interface SeriesRange {
  /** Minutes are kept for 48 h at least, hours for 90 days. */
  readonly unit: 'minute' | 'hour'
  /** Ms since the epoch. */
  readonly from: number
  /** Ms since the epoch, exclusive. */
  readonly to: number
  /** Default: all. */
  readonly queue?: string | undefined
}

/** A queue over time, summed over its lanes. */
export interface QueueSeries {
  readonly queue: string
  /** Every step of the range, oldest first. */
  readonly steps: readonly SeriesStep[]
}

export interface SeriesStep {
  /** Its start, ms since the epoch. */
  readonly at: number
  readonly tasks: readonly TaskTally[]
  /** Jobs ready or due, as last seen in the step; null where nobody looked. */
  readonly backlog: number | null
  /** How long the oldest ready job had waited, ms; null where none waited, or nobody looked. */
  readonly oldestReadyMs: number | null
}

const STEP_MS = { minute: 60_000, hour: 3_600_000 } as const

/** One call to the broker per lane and 1,500 steps. Throws `InvalidOptionError` for a queue that was never used. */
export async function readSeries(scope: MonitorScope, range: SeriesRange): Promise<QueueSeries[]> {
  const map = await readLanes(scope)
  const queues =
    range.queue === undefined ? [...map.entries()] : [[range.queue, lanesOfQueue(map, range.queue)] as const]
  const lanes = queues.flatMap(([, each]) => each)
  const read = await inParallel(lanes, async (lane) => ({ lane, ...(await readLane(scope, lane, range)) }))
  return queues.map(([queue]) => ({
    queue,
    steps: sumSteps(
      read.filter(({ lane }) => lane.queue === queue),
      range,
    ),
  }))
}

interface LaneRead {
  readonly points: ReadonlyMap<number, SeriesPoint>
  readonly lookedUntil: number
}

async function readLane(scope: MonitorScope, lane: Lane, { unit, from, to }: SeriesRange): Promise<LaneRead> {
  const { inspect } = await scope.broker()
  const points = new Map<number, SeriesPoint>()
  let lookedUntil = from
  for (let start = from; start < to; start += MAX_SERIES_STEPS * STEP_MS[unit]) {
    const series = await inspect.series(lane, { unit, from: start, to }, callOptions(scope))
    for (const point of series.points) points.set(point.at, point)
    lookedUntil = series.lookedUntil
  }
  return { points, lookedUntil }
}

function sumSteps(lanes: readonly LaneRead[], { unit, from, to }: SeriesRange): SeriesStep[] {
  const stepMs = STEP_MS[unit]
  const steps: SeriesStep[] = []
  for (let at = Math.floor(from / stepMs) * stepMs; at < to; at += stepMs) steps.push(sumStep(lanes, at))
  return steps
}

const NOTHING: readonly TaskTally[] = []

/** Most steps of most lanes are empty: they cost next to nothing. */
function sumStep(lanes: readonly LaneRead[], at: number): SeriesStep {
  let tasks = NOTHING
  let backlog: number | null = null
  let oldestReadyMs: number | null = null
  for (const lane of lanes) {
    const point = lane.points.get(at)
    const waiting = backlogAt(lane, at)
    if (waiting !== undefined) backlog = (backlog ?? 0) + waiting
    if (point === undefined) continue
    tasks = tasks.length === 0 ? point.tasks : [...tasks, ...point.tasks]
    if (point.oldestReadyMs !== undefined) oldestReadyMs = Math.max(oldestReadyMs ?? 0, point.oldestReadyMs)
  }
  return { at, tasks: lanes.length === 1 ? tasks : sumTallies(tasks), backlog, oldestReadyMs }
}

/** A step that was looked at and has no point had nothing that waited. */
function backlogAt({ points, lookedUntil }: LaneRead, at: number): number | undefined {
  const point = points.get(at)
  return point === undefined ? (at < lookedUntil ? 0 : undefined) : point.backlog
}

function sumTallies(tallies: readonly TaskTally[]): readonly TaskTally[] {
  if (tallies.length === 0) return tallies
  const sums = new Map<string, TaskTally>()
  for (const tally of tallies) {
    const sum = sums.get(tally.task)
    if (sum === undefined) sums.set(tally.task, tally)
    else {
      sums.set(tally.task, {
        task: tally.task,
        succeeded: sum.succeeded + tally.succeeded,
        retried: sum.retried + tally.retried,
        failed: sum.failed + tally.failed,
        busyMs: sum.busyMs + tally.busyMs,
      })
    }
  }
  return [...sums.values()]
}

import type { Defect, DefectKind, FsckPort, Lane } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'
import { lanesOfQueue, readLanes } from './lane-map.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'

export interface FsckQuery {
  /** Default: every queue. */
  readonly queue?: string | undefined
  /** Called with the number of entries read so far, over all lanes. */
  readonly onProgress?: ((entries: number) => void) | undefined
}

/** One thing that is wrong. */
export interface DefectView {
  readonly kind: DefectKind
  /** The job's id, or the name of the seat, session or key. */
  readonly subject: string
  /** The structure in which it was seen; '' where its kind says it. */
  readonly place: string
}

export interface LaneCheckView {
  readonly queue: string
  readonly lane: number
  /** Messages that were looked at. */
  readonly jobs: number
  /** The first 1,000. */
  readonly defects: readonly DefectView[]
  /** All of them, by kind. */
  readonly counts: Readonly<Partial<Record<DefectKind, number>>>
}

export interface CheckView {
  /** False when a lane has a defect. */
  readonly ok: boolean
  readonly lanes: readonly LaneCheckView[]
}

export interface LaneRepairView extends LaneCheckView {
  readonly mended: readonly DefectView[]
}

export interface RepairView {
  /** False when a defect is left. */
  readonly ok: boolean
  readonly lanes: readonly LaneRepairView[]
}

/** Rejects as `Monitor.fsck` says. */
export async function checkLanes(scope: MonitorScope, query: FsckQuery): Promise<CheckView> {
  const fsck = await fsckOf(scope)
  const lanes: LaneCheckView[] = []
  const progress = progressOver(query)
  for (const lane of await lanesToCheck(scope, query)) lanes.push(await checkLane({ fsck, scope, lane, progress }))
  return { ok: lanes.every(({ defects }) => defects.length === 0), lanes }
}

/** Rejects as `Control.repair` says. */
export async function repairLanes(scope: MonitorScope, query: FsckQuery): Promise<RepairView> {
  const fsck = await fsckOf(scope)
  const chosen = await lanesToCheck(scope, query)
  const { inspect } = await scope.broker()
  for (const lane of chosen) if (!(await inspect.counts(lane, callOptions(scope))).paused) throw notPaused(lane)
  const lanes: LaneRepairView[] = []
  const progress = progressOver(query)
  for (const lane of chosen) {
    const check = await checkLane({ fsck, scope, lane, progress })
    const mended = await fsck.repair(lane, check.defects as readonly Defect[], callOptions(scope))
    if (mended === 'not-paused') throw notPaused(lane)
    lanes.push({ ...check, mended })
  }
  const left = ({ counts, mended }: LaneRepairView) => Object.values(counts).reduce((a, b) => a + b, 0) - mended.length
  return { ok: lanes.every((lane) => left(lane) === 0), lanes }
}

async function checkLane(at: {
  readonly fsck: FsckPort
  readonly scope: MonitorScope
  readonly lane: Lane
  readonly progress: { lane(entries: number): void; next(): void }
}): Promise<LaneCheckView> {
  const { fsck, scope, lane, progress } = at
  const { jobs, defects, counts } = await fsck.check(lane, { onProgress: progress.lane }, callOptions(scope))
  progress.next()
  return { queue: lane.queue, lane: lane.index, jobs, defects, counts }
}

function progressOver({ onProgress }: FsckQuery) {
  let before = 0
  let now = 0
  return {
    lane(entries: number) {
      now = entries
      onProgress?.(before + now)
    },
    next() {
      before += now
      now = 0
    },
  }
}

async function lanesToCheck(scope: MonitorScope, { queue }: FsckQuery): Promise<readonly Lane[]> {
  const map = await readLanes(scope)
  return queue === undefined ? [...map.values()].flat() : lanesOfQueue(map, queue)
}

async function fsckOf(scope: MonitorScope): Promise<FsckPort> {
  const { kind, fsck } = await scope.broker()
  if (fsck !== undefined) return fsck
  throw new InvalidOptionError({ option: 'broker', found: kind, expected: 'a store that can be checked: redis' })
}

function notPaused({ queue }: Lane): InvalidOptionError {
  return new InvalidOptionError({
    option: 'queue',
    found: queue,
    expected: `a paused queue: repair works while nothing is handed out (millrace pause ${queue})`,
  })
}

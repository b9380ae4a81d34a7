import { setTimeout as pause } from 'node:timers/promises'
import { coreWaitSeconds } from '../measure/core-wait-seconds.js'
import { cpuSeconds } from '../measure/cpu-seconds.js'
import { VoidFigure } from '../measure/void-figure.js'
import type { Progress, Snapshot } from '../record/run-recorder.js'
import type { BenchChild } from './bench-child.js'
import type { Stage } from './stage.js'

export interface DrainPlan {
  readonly jobs: number
  /** How often each of them must be started. Default 1. */
  readonly runsEach?: number
}

/** What the workers did, all together, verified. Times in ms since the epoch. */
export interface Drained {
  readonly firstStart: number
  readonly lastEnd: number
  /** Of each worker. */
  readonly snapshots: readonly Snapshot[]
  /** Cores in use between first start and end, 1 = one core; NaN where the system does not tell, and over less than 0.2 s. */
  readonly workerCpu: number
  readonly storeCpu: number
  /** The share of that time in which the first thread of the store, all that Redis has for commands, had work and waited for a core; NaN as above. */
  readonly storeWait: number
  /** Of all workers together. */
  readonly rssBytes: number
}

const POLL_MS = 10
const CALL_DEADLINE_MS = 30_000
/** Without any progress for so long, what is missing is lost. */
const STALL_MS = 30_000
/** What is run twice is run again within this. */
const LINGER_MS = 300
/** CPU time comes in steps of 10 ms: over less than this it says nothing. */
const MIN_CPU_WINDOW_S = 0.2

/**
 * Waits until the workers have completed all jobs, and checks that each was started exactly as often as it should.
 * Rejects with `VoidFigure`.
 */
export async function awaitDrain(stage: Stage, workers: readonly BenchChild[], plan: DrainPlan): Promise<Drained> {
  const clocks = () => ({
    workers: workers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    store: cpuSeconds(stage.serverPid),
    storeWaited: coreWaitSeconds(stage.serverPid),
  })
  let begun: { at: number; clocks: ReturnType<typeof clocks> } | undefined
  let last = { started: 0, completed: 0 }
  let movedAt = performance.now()
  while (last.completed < plan.jobs) {
    const seen = await progressOf(workers)
    const now = performance.now()
    if (seen.started > 0) begun ??= { at: now, clocks: clocks() }
    if (seen.started !== last.started || seen.completed !== last.completed) movedAt = now
    else if (now - movedAt > STALL_MS)
      throw new VoidFigure(`completed ${seen.completed} of ${plan.jobs} jobs, then none`)
    last = seen
    stage.progress(`${last.started} of ${plan.jobs} jobs started`)
    await pause(last.completed < plan.jobs ? POLL_MS : 0)
  }
  const ended = { at: performance.now(), clocks: clocks() }
  await pause(LINGER_MS)
  const snapshots = await Promise.all(
    workers.map((worker) => worker.call<Snapshot>('snapshot', undefined, CALL_DEADLINE_MS)),
  )
  verifyRuns(snapshots, plan)
  const window = (ended.at - (begun?.at ?? ended.at)) / 1000
  const seconds = window < MIN_CPU_WINDOW_S ? Number.NaN : window
  const share = (which: keyof typeof ended.clocks) =>
    (ended.clocks[which] - (begun?.clocks[which] ?? Number.NaN)) / seconds
  return {
    firstStart: Math.min(...finite(snapshots.map((one) => one.firstStart))),
    lastEnd: Math.max(...finite(snapshots.map((one) => one.lastEnd))),
    snapshots,
    workerCpu: share('workers'),
    storeCpu: share('store'),
    storeWait: share('storeWaited'),
    rssBytes: snapshots.reduce((sum, one) => sum + one.rssBytes, 0),
  }
}

async function progressOf(workers: readonly BenchChild[]): Promise<Progress> {
  const all = await Promise.all(workers.map((worker) => worker.call<Progress>('progress', undefined, CALL_DEADLINE_MS)))
  return {
    started: all.reduce((sum, one) => sum + one.started, 0),
    completed: all.reduce((sum, one) => sum + one.completed, 0),
  }
}

/** Throws `VoidFigure` unless every job was started `runsEach` times over all workers. */
export function verifyRuns(snapshots: readonly Pick<Snapshot, 'runs' | 'strays'>[], plan: DrainPlan): void {
  const { jobs, runsEach = 1 } = plan
  let tooFew = 0
  let tooMany = 0
  for (let x = 0; x < jobs; x++) {
    const runs = snapshots.reduce((sum, one) => sum + (one.runs[x] ?? 0), 0)
    if (runs < runsEach) tooFew += 1
    if (runs > runsEach) tooMany += 1
  }
  const strays = snapshots.reduce((sum, one) => sum + one.strays, 0)
  if (tooFew + tooMany + strays === 0) return
  throw new VoidFigure(
    `of ${jobs} jobs ${tooFew} ran too seldom and ${tooMany} too often (due: ${runsEach} each); ${strays} runs of unknown jobs`,
  )
}

/** A worker that got no job has no times. */
function finite(values: readonly number[]): number[] {
  return values.filter((value) => Number.isFinite(value))
}

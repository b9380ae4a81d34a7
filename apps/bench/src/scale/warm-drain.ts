import { VoidFigure } from '../measure/void-figure.js'
import { awaitDrain, type Drained } from '../process/await-drain.js'
import type { Stage } from '../process/stage.js'
import type { Trial } from '../scenario.js'

/** Drained before the clock starts. A young process is slow for some 100,000 jobs: without this, few jobs look expensive. */
const WARM_UP = 200_000
/** The top: these start while the most jobs wait. */
const MEASURED = 300_000

export interface WarmDrain {
  /** Jobs per second of a worker that is warm, until all jobs are done. */
  readonly rate: number
  /** From the same moment on, while the most jobs wait. */
  readonly topRate: number
  readonly drained: Drained
}

/** How many jobs must wait so that `remaining` still wait at the end of the top. */
export function jobsForWarmDrain(trial: Trial, remaining: number): number {
  return trial.count(WARM_UP) + trial.count(MEASURED) + remaining
}

/** Drains all jobs with one worker. The clock starts when it has started the first `WARM_UP` of them. */
export async function warmDrain(stage: Stage, trial: Trial, waiting: WaitingJobs): Promise<WarmDrain> {
  const { jobs, padded = false } = waiting
  const warm = trial.count(WARM_UP)
  const measured = trial.count(MEASURED)
  const marks = [warm, warm + measured]
  const workers = await stage.startWorkers(1, { kind: 'noop', jobs, padded, marks })
  const drained = await awaitDrain(stage, workers, { jobs })
  const [from, to] = drained.snapshots[0]?.markTimes ?? []
  if (from === undefined || to === undefined) throw new VoidFigure('the worker kept no times of its marks')
  return {
    rate: ((jobs - warm) / (drained.lastEnd - from)) * 1000,
    topRate: (measured / (to - from)) * 1000,
    drained,
  }
}

export interface WaitingJobs {
  readonly jobs: number
  /** Inputs carry `p` instead of `y`. Default false. */
  readonly padded?: boolean
}

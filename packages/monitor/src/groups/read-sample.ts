import type { JobState } from '@millrace/core'
import { inParallel } from '../in-parallel.js'
import { type JobSummary, summarizeJob } from '../job-view.js'
import { callOptions, type MonitorScope } from '../monitor-scope.js'
import { fitsInside, type JobFilter } from '../search/job-filter.js'
import { countLanes, mostIn } from '../search/lane-counts.js'

export interface Sample {
  /** Those that fit, lane by lane, each lane in the store's order. */
  readonly jobs: readonly JobSummary[]
  /** The most that there are in this state, whether they fit or not. */
  readonly total: number
  readonly scanned: number
  /** False: some lanes have more than was looked at. */
  readonly complete: boolean
}

export interface SampleQuery {
  readonly state: JobState
  readonly filter: JobFilter
  readonly view?: ((job: JobSummary) => JobSummary) | undefined
  /** Jobs of each lane that are looked at even where there are many lanes. */
  readonly perLane: number
}

/** Jobs that one reading looks at, shared among the lanes. */
const MAX_SCANNED = 2_000
const MAX_STEP = 200
/** A page may be short where a lane's structure holds jobs of two states. */
const MAX_CALLS_A_LANE = 12

/** The first jobs of every lane in one state: a bounded look at all of them. */
export async function readSample(scope: MonitorScope, query: SampleQuery): Promise<Sample> {
  const { state, filter, view = (job: JobSummary) => job } = query
  const { inspect } = await scope.broker()
  const lanes = (await countLanes(scope, filter)).filter(({ counts }) => mostIn(state, counts) !== 0)
  const quota = Math.max(query.perLane, Math.floor(MAX_SCANNED / Math.max(1, lanes.length)))
  const looks = await inParallel(lanes, async ({ lane }) => {
    const jobs: JobSummary[] = []
    let cursor: string | undefined
    for (let calls = 0; calls < MAX_CALLS_A_LANE && jobs.length < quota; calls++) {
      const limit = Math.min(MAX_STEP, quota - jobs.length)
      const page = await inspect.page(
        lane,
        state,
        cursor === undefined ? { limit } : { limit, cursor },
        callOptions(scope),
      )
      for (const job of page.jobs) jobs.push(view(summarizeJob(job)))
      cursor = page.cursor
      if (cursor === undefined) return { jobs, ended: true }
    }
    return { jobs, ended: false }
  })
  return {
    jobs: looks.flatMap((look) => look.jobs).filter((job) => fitsInside(filter, job)),
    total: lanes.reduce((sum, { counts }) => sum + (mostIn(state, counts) ?? 0), 0),
    scanned: looks.reduce((sum, look) => sum + look.jobs.length, 0),
    complete: looks.every((look) => look.ended),
  }
}

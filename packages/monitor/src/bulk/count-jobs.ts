import type { JobState } from '@millrace/core'
import type { JobSummary } from '../job-view.js'
import type { MonitorScope } from '../monitor-scope.js'
import { type JobFilter, looksInside } from '../search/job-filter.js'
import { countLanes } from '../search/lane-counts.js'
import { searchJobs } from '../search/search-jobs.js'

export interface JobCount {
  readonly matched: number
  /** False: counting stopped at its bound; there may be more. */
  readonly complete: boolean
  readonly states: Readonly<Record<string, number>>
}

/** Jobs that one count looks at. */
const MAX_SCANNED = 10_000

/** How many jobs fit. Where only states that the store counts are asked for, exactly and without looking at any job. */
export async function countJobs(
  scope: MonitorScope,
  filter: JobFilter,
  view?: (job: JobSummary) => JobSummary,
): Promise<JobCount> {
  const wanted = filter.states ?? []
  if (!looksInside(filter) && wanted.length > 0 && wanted.every((state) => state in COUNTED)) {
    return countByStore(scope, filter, wanted)
  }
  const states: Record<string, number> = {}
  let cursor: string | undefined
  let scanned = 0
  let matched = 0
  do {
    const page = await searchJobs(scope, { filter, limit: 200, cursor, view })
    for (const { state } of page.jobs) states[state] = (states[state] ?? 0) + 1
    matched += page.jobs.length
    scanned += page.scanned
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined && scanned < MAX_SCANNED)
  return { matched, complete: cursor === undefined, states }
}

/** States that one figure of the store stands for. */
const COUNTED: Partial<Record<JobState, true>> = { ready: true, running: true, failed: true }

async function countByStore(scope: MonitorScope, filter: JobFilter, wanted: readonly JobState[]): Promise<JobCount> {
  const lanes = await countLanes(scope, filter)
  const states: Record<string, number> = {}
  for (const state of wanted) {
    const sum = lanes.reduce((total, { counts }) => {
      if (state === 'ready') return total + counts.ready + counts.suspects
      return total + (state === 'running' ? counts.running : counts.failed)
    }, 0)
    if (sum > 0) states[state] = sum
  }
  return { matched: Object.values(states).reduce((a, b) => a + b, 0), complete: true, states }
}

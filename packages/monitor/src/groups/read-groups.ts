import type { JobSummary } from '../job-view.js'
import type { MonitorScope } from '../monitor-scope.js'
import type { JobFilter } from '../search/job-filter.js'
import { type FailureGroup, groupFailures } from './group-failures.js'
import { readSample } from './read-sample.js'

export interface GroupsQuery {
  /** Default: all. Its states are not looked at. */
  readonly filter?: JobFilter | undefined
  /** What is seen of a job. Default: all of it. */
  readonly view?: ((job: JobSummary) => JobSummary) | undefined
}

/** Groups of failed jobs. */
export interface FailedGroups {
  readonly groups: readonly FailureGroup[]
  /** Failed jobs that are kept in the queues asked for. */
  readonly total: number
  /** So many were looked at, the newest of each queue. */
  readonly scanned: number
  readonly complete: boolean
}

/** Jobs between two attempts. */
export interface Retries {
  /** The soonest first. */
  readonly next: readonly JobSummary[]
  readonly groups: readonly FailureGroup[]
  readonly scanned: number
  readonly complete: boolean
}

const FAILED_PER_LANE = 20

/** Failed jobs by task and failure. A bounded look: see `complete`. */
export async function readFailedGroups(scope: MonitorScope, query: GroupsQuery): Promise<FailedGroups> {
  const { filter = {}, view } = query
  const sample = await readSample(scope, { state: 'failed', filter, view, perLane: FAILED_PER_LANE })
  const { jobs, total, scanned, complete } = sample
  return { groups: groupFailures(jobs), total, scanned, complete }
}

/** The next attempts of all lanes, and what they wait for, by task and failure. A bounded look: see `complete`. */
export async function readRetries(
  scope: MonitorScope,
  query: GroupsQuery & { readonly limit: number },
): Promise<Retries> {
  const { filter = {}, view, limit } = query
  const { jobs, scanned, complete } = await readSample(scope, { state: 'retrying', filter, view, perLane: limit })
  const next = [...jobs].sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0)).slice(0, limit)
  return { next, groups: groupFailures(jobs), scanned, complete }
}

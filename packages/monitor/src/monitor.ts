import type { AuditPage, TaskDurations } from '@millrace/broker'
import { countJobs, type JobCount } from './bulk/count-jobs.js'
import { findJobs } from './find-job.js'
import {
  type FailedGroups,
  type GroupsQuery,
  type Retries,
  readFailedGroups,
  readRetries,
} from './groups/read-groups.js'
import { type HealthView, readHealth } from './health-view.js'
import { type JobPage, type JobQuery, readJobPage } from './job-page.js'
import { detailJob, type JobDetail, type JobSummary } from './job-view.js'
import { type CheckView, checkLanes, type FsckQuery } from './lane-check.js'
import { type LeaderView, readLeader } from './leader-view.js'
import { callOptions, clockOf, type MonitorScope } from './monitor-scope.js'
import { type QueueView, readQueues } from './queue-view.js'
import { readSchedules, readScheduleTicks, type ScheduleTicks, type ScheduleView } from './schedule-view.js'
import type { JobFilter } from './search/job-filter.js'
import { type FoundJobs, type JobSearch, searchJobs } from './search/search-jobs.js'
import { type QueueSeries, readSeries, type SeriesRange } from './series/read-series.js'
import { readStats, type StatsView } from './stats-view.js'
import { readWorkers, type WorkerView } from './worker-view.js'

/**
 * The reading side. Every answer is plain data that JSON carries unchanged: null where there is nothing, instants in ms
 * since the epoch, durations in ms. Every call rejects with `BrokerUnavailableError` without a broker.
 */
export interface Monitor {
  /** Every queue that was ever used, by name. */
  queues(): Promise<QueueView[]>
  /** Jobs in one state, a page at a time. */
  jobs(query: JobQuery): Promise<JobPage>
  /** Jobs that fit a filter, over states and queues, a page at a time. */
  search(search: JobSearch): Promise<FoundJobs>
  /** How many fit a filter; `view` as in `search`. */
  count(filter: JobFilter, view?: (job: JobSummary) => JobSummary): Promise<JobCount>
  /** Failed jobs by task and failure. */
  failedGroups(query?: GroupsQuery): Promise<FailedGroups>
  /** Jobs between two attempts: the next ones, at most `limit` (default 50), and all by task and failure. */
  retries(query?: GroupsQuery & { readonly limit?: number | undefined }): Promise<Retries>
  /** What ran and what waited, per queue. */
  series(range: SeriesRange): Promise<readonly QueueSeries[]>
  /** How long attempts took, per task and bucket of `DURATION_BOUNDS_MS`; told by workers every few seconds, at most 200 names and `(other)`. */
  durations(): Promise<readonly TaskDurations[]>
  /** The audit log, the newest first. Limit 1 … 200, default 50. */
  audit(query?: { readonly limit?: number; readonly cursor?: string }): Promise<AuditPage>
  /** One job, looked for in every queue unless one is given. Null when it left no trace. */
  job(id: string, where?: { readonly queue?: string | undefined }): Promise<JobDetail | null>
  workers(): Promise<WorkerView[]>
  /** The dispatcher of the last term; null when none ever led. */
  leader(): Promise<LeaderView | null>
  /** Every schedule, by name. */
  schedules(): Promise<ScheduleView[]>
  /** The next ticks of a schedule, 1 … 1,000, default 5. Rejects with `InvalidOptionError` where there is none. */
  scheduleTicks(name: string, options?: { readonly count?: number | undefined }): Promise<ScheduleTicks>
  /** The app in a few figures. */
  stats(): Promise<StatsView>
  /** Checks the store. */
  health(): Promise<HealthView>
  /**
   * Reads every lane whole, in bounded steps and while work goes on, and says what is inconsistent. Rejects with
   * `InvalidOptionError` for a queue that was never used, and where the broker is no store (memory).
   */
  fsck(query?: FsckQuery): Promise<CheckView>
}

const DEFAULT_TICKS = 5
const DEFAULT_NEXT = 50

export function createMonitor(scope: MonitorScope): Monitor {
  return {
    queues: () => readQueues(scope),
    jobs: (query) => readJobPage(scope, query),
    search: (search) => searchJobs(scope, search),
    count: (filter, view) => countJobs(scope, filter, view),
    failedGroups: (query = {}) => readFailedGroups(scope, query),
    retries: (query = {}) => readRetries(scope, { ...query, limit: query.limit ?? DEFAULT_NEXT }),
    series: (range) => readSeries(scope, range),
    durations: async () => (await scope.broker()).inspect.durations(callOptions(scope)),
    audit: async (query = {}) => (await scope.broker()).inspect.audit(query, callOptions(scope)),
    job: (id, where = {}) => readJob(scope, id, where.queue),
    workers: () => readWorkers(scope),
    leader: () => readLeader(scope),
    schedules: () => readSchedules(scope),
    scheduleTicks: (name, options = {}) => readScheduleTicks(scope, name, options.count ?? DEFAULT_TICKS),
    stats: () => readStats(scope, clockOf(scope).now()),
    health: () => readHealth(scope),
    fsck: (query = {}) => checkLanes(scope, query),
  }
}

async function readJob(scope: MonitorScope, id: string, queue: string | undefined): Promise<JobDetail | null> {
  const [found, ...others] = await findJobs(scope, id, queue)
  if (found === undefined) return null
  const broker = await scope.broker()
  const [[outcome], report] = await Promise.all([
    broker.results.get([found.ref], callOptions(scope)),
    broker.inspect.report(found.ref, callOptions(scope)),
  ])
  return detailJob(found, { outcome, report, alsoIn: others.map((view) => view.ref.lane.queue) })
}

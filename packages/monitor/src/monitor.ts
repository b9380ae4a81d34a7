import { findJobs } from './find-job.js'
import { type HealthView, readHealth } from './health-view.js'
import { type JobPage, type JobQuery, readJobPage } from './job-page.js'
import { detailJob, type JobDetail } from './job-view.js'
import { type CheckView, checkLanes, type FsckQuery } from './lane-check.js'
import { type LeaderView, readLeader } from './leader-view.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'
import { type QueueView, readQueues } from './queue-view.js'
import { readSchedules, readScheduleTicks, type ScheduleTicks, type ScheduleView } from './schedule-view.js'
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
  /** One job, looked for in every queue unless one is given. Null when it left no trace. */
  job(id: string, where?: { readonly queue?: string | undefined }): Promise<JobDetail | null>
  workers(): Promise<WorkerView[]>
  /** The dispatcher of the last term; null when none ever led. */
  leader(): Promise<LeaderView | null>
  /** Every schedule, by name. */
  schedules(): Promise<ScheduleView[]>
  /** The next ticks of a schedule, 1 … 1,000, default 5. Rejects with `InvalidOptionError` where there is none. */
  scheduleTicks(name: string, options?: { readonly count?: number | undefined }): Promise<ScheduleTicks>
  /** Checks the store. */
  health(): Promise<HealthView>
  /**
   * Reads every lane whole, in bounded steps and while work goes on, and says what is inconsistent. Rejects with
   * `InvalidOptionError` for a queue that was never used, and where the broker is no store (memory).
   */
  fsck(query?: FsckQuery): Promise<CheckView>
}

const DEFAULT_TICKS = 5

export function createMonitor(scope: MonitorScope): Monitor {
  return {
    queues: () => readQueues(scope),
    jobs: (query) => readJobPage(scope, query),
    job: (id, where = {}) => readJob(scope, id, where.queue),
    workers: () => readWorkers(scope),
    leader: () => readLeader(scope),
    schedules: () => readSchedules(scope),
    scheduleTicks: (name, options = {}) => readScheduleTicks(scope, name, options.count ?? DEFAULT_TICKS),
    health: () => readHealth(scope),
    fsck: (query = {}) => checkLanes(scope, query),
  }
}

async function readJob(scope: MonitorScope, id: string, queue: string | undefined): Promise<JobDetail | null> {
  const [found, ...others] = await findJobs(scope, id, queue)
  if (found === undefined) return null
  const broker = await scope.broker()
  const [outcome] = await broker.results.get([found.ref], callOptions(scope))
  return detailJob(
    found,
    outcome,
    others.map((view) => view.ref.lane.queue),
  )
}

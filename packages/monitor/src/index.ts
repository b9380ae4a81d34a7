export type { AuditPage, AuditRecord, RunningJob, StoredAuditRecord, TaskDurations } from '@millrace/broker'
export { DURATION_BOUNDS_MS } from '@millrace/broker'
export type { JobCount } from './bulk/count-jobs.js'
export {
  type BulkAnswer,
  type BulkOrder,
  type BulkProgress,
  filterForOrder,
  ORDER_STATES,
} from './bulk/order-jobs.js'
export { type Control, createControl, type JobPlace } from './control.js'
export type { FailureGroup } from './groups/group-failures.js'
export type { FailedGroups, GroupsQuery, Retries } from './groups/read-groups.js'
export { type FindingView, type HealthView, viewHealth } from './health-view.js'
export type { JobAnswer, JobOrder, OrderDetails } from './job-control.js'
export type { JobPage, JobQuery } from './job-page.js'
export type { JobDetail, JobResultView, JobSummary } from './job-view.js'
export type {
  CheckView,
  DefectView,
  FsckQuery,
  LaneCheckView,
  LaneRepairView,
  RepairView,
} from './lane-check.js'
export type { LeaderView, PastTerm } from './leader-view.js'
export { createMonitor, type Monitor } from './monitor.js'
export type { MonitorScope } from './monitor-scope.js'
export { putSchedules } from './put-schedules.js'
export type { PauseAnswer, PurgeAnswer, Steps } from './queue-control.js'
export type { QueueView } from './queue-view.js'
export type { RetryAllAnswer, RetryAllQuery } from './retry-all.js'
export { createScheduleControl, type ScheduleControl } from './schedule-control.js'
export { eachSchedule, type ScheduleTicks, type ScheduleView } from './schedule-view.js'
export { fingerprintOf } from './search/fingerprint.js'
export type { JobFilter } from './search/job-filter.js'
export { matchGlob } from './search/match-glob.js'
export type { FoundJobs, JobSearch } from './search/search-jobs.js'
export type { QueueSeries, SeriesRange, SeriesStep } from './series/read-series.js'
export { createSignIns, type SignIns } from './sign-ins.js'
export type { StatsView } from './stats-view.js'
export type {
  PingAnswer,
  PingedWorker,
  PingOptions,
  WorkerChoice,
  WorkerOrderAnswer,
  WorkerOrderOptions,
} from './worker-control.js'
export type { WorkerView } from './worker-view.js'

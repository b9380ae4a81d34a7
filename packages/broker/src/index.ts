export type { AuditPage, AuditRecord, StoredAuditRecord } from './ports/audit.js'
export type { Broker, BrokerScope } from './ports/broker.js'
export type { CallOptions } from './ports/call.js'
export type {
  ConsumerPort,
  ExchangeReply,
  ExchangeRequest,
  HeartbeatModule,
  HeartbeatReply,
  Heartbeats,
  Reservation,
  ReservationReport,
  RunningJob,
  Seat,
  Settlement,
  TaskTally,
  WorkerCommand,
  WorkerInfo,
} from './ports/consumer.js'
export { MAX_RUNNING_TOLD } from './ports/consumer.js'
export type { ControlPort } from './ports/control.js'
export type { CrashedJob, DispatchPort, Epoch, LaneAgenda, LeaderInfo } from './ports/dispatch.js'
export { MAX_CRASHED_TOLD } from './ports/dispatch.js'
export type { TaskDurations } from './ports/durations.js'
export { DURATION_BOUNDS_MS, MAX_DURATION_TASKS } from './ports/durations.js'
export type { CheckQuery, Defect, DefectKind, FsckPort, LaneCheck } from './ports/fsck.js'
export type { Finding, InspectPort, JobPage, JobView, LaneCounts, LeaderView, SeenWorker } from './ports/inspect.js'
export type { JobRef, Lane } from './ports/lane.js'
export { laneName } from './ports/lane.js'
export type { EnqueueAnswer, JobAttrs, JoinTarget, NewJob, ProducerPort, UniqueAttr } from './ports/producer.js'
export type { JobReport, ReportLine, ReportUpdate } from './ports/report.js'
export { MAX_KEPT_PROGRESS_BYTES } from './ports/report.js'
export type { ResultsPort, StoredOutcome } from './ports/results.js'
export type {
  DueSchedule,
  ScheduleAgenda,
  ScheduleDefinition,
  ScheduleDelivered,
  ScheduleDelivery,
  ScheduledCall,
  ScheduleFiring,
  ScheduleProgress,
  SchedulePut,
  SchedulesPort,
  StoredSchedule,
} from './ports/schedules.js'
export { MAX_SCHEDULE_BACKLOG, MAX_SCHEDULES_A_CALL } from './ports/schedules.js'
export type { LaneSeries, SeriesPoint, SeriesQuery } from './ports/series.js'
export { MAX_SERIES_STEPS } from './ports/series.js'
export type { SignInEntry, SignInsPort } from './ports/sign-ins.js'
export { SCHEDULE_HEADER, scheduledJob, TICK_HEADER } from './schedules/scheduled-job.js'

export { type ApiError, apiErrorSchema, ERROR_CODES, type ErrorCode } from './api-error.js'
export { type AuditEntry, type AuditPage, auditEntrySchema, auditPageSchema, auditQuerySchema } from './audit.js'
export { type Completions, completionsSchema } from './completions.js'
export {
  EVENT_NAMES,
  type EventName,
  type HelloEvent,
  helloEventSchema,
  LIVE_TOPICS,
  type LiveEvent,
  type LiveTopic,
  liveEventSchema,
} from './event.js'
export { type FailedGroup, type FailedGroups, failedGroupSchema, failedGroupsSchema } from './failed.js'
export { groupsQuerySchema } from './groups-query.js'
export {
  FAILURE_REASONS,
  type Failure,
  failureSchema,
  JOB_STATES,
  type JobDetail,
  type JobPage,
  type JobState,
  type JobSummary,
  jobDetailSchema,
  jobPageSchema,
  jobQuerySchema,
  jobSummarySchema,
  type TimelineEntry,
} from './job.js'
export {
  JOB_ACTIONS,
  type JobAction,
  type JobActionAnswer,
  jobActionAnswerSchema,
  jobActionSchema,
} from './job-action.js'
export { type Leader, leaderSchema, type Term } from './leader.js'
export {
  type Operation,
  type OperationPreview,
  type OperationRequest,
  type OperationTarget,
  operationPreviewSchema,
  operationRequestSchema,
  operationSchema,
  operationsSchema,
  operationTargetSchema,
  previewRequestSchema,
} from './operation.js'
export {
  ATTENTION_KINDS,
  type Attention,
  type Overview,
  overviewQuerySchema,
  overviewSchema,
  RANGES,
  type Range,
  type Series,
} from './overview.js'
export { MAX_CURSOR_CHARACTERS, MAX_PAGE_JOBS } from './paging.js'
export { mayDo, PERMISSIONS, type Permission, ROLES, type Role } from './permission.js'
export {
  completeQueryLine,
  type QueryCompletion,
  type QueryCompletionData,
} from './query-line/complete-query-line.js'
export { formatQueryLine } from './query-line/format-query-line.js'
export {
  EMPTY_QUERY,
  type JobFilter,
  MAX_QUERY_CHARACTERS,
  QUERY_KEYS,
  type QueryKey,
} from './query-line/job-filter.js'
export { parseQueryLine, type QueryLineResult } from './query-line/parse-query-line.js'
export { type Queue, type Queues, queuePauseAnswerSchema, queueSchema, queuesSchema } from './queue.js'
export { type Retries, type RetryGroup, retriesQuerySchema, retriesSchema } from './retry.js'
export { API_BASE, type Route } from './route.js'
export { ROUTES, type RouteName } from './routes.js'
export { type Schedule, type Schedules, scheduleRunAnswerSchema, scheduleSchema, schedulesSchema } from './schedule.js'
export { type Login, loginSchema, type Me, meSchema, type Session, sessionSchema } from './session.js'
export {
  resizeOrderSchema,
  type Worker,
  type WorkerOrderAnswer,
  type Workers,
  workerOrderAnswerSchema,
  workerOrderSchema,
  workerSchema,
  workersSchema,
} from './worker.js'

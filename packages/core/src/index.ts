export type { Clock } from './clock/clock.js'
export { systemClock } from './clock/clock.js'
export type { ComposedInput } from './compose/compose-input.js'
export { composeInput } from './compose/compose-input.js'
export type { PlannedJob, WorkflowPlan } from './compose/plan-workflow.js'
export { planWorkflow } from './compose/plan-workflow.js'
export type { PlannableLink, WorkflowGraph, WorkflowGroup, WorkflowStep } from './compose/workflow-graph.js'
export type { CrashPoint } from './crash-point/crash-point.js'
export { crashPoint } from './crash-point/crash-point.js'
export type { Duration } from './duration/parse-duration.js'
export { MAX_DURATION_MS, parseDuration } from './duration/parse-duration.js'
export {
  BrokerFullError,
  BrokerUnavailableError,
  BrokerUnfitError,
  LayoutMismatchError,
  LeaseLostError,
  LockNotWonError,
  OutcomeUnknownError,
  StaleEpochError,
  UniqueConflictError,
} from './errors/broker-errors.js'
export type { CatalogueEntry, ErrorCode } from './errors/catalogue.js'
export { ERROR_CATALOGUE } from './errors/catalogue.js'
export { describeValue, hideCredentials } from './errors/describe-value.js'
export { Fatal } from './errors/fatal.js'
export type { InputIssue } from './errors/input-errors.js'
export {
  InvalidInputError,
  InvalidNameError,
  InvalidOptionError,
  NotSerializableError,
  PayloadTooLargeError,
  UnknownTaskError,
} from './errors/input-errors.js'
export {
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  JobTimedOutError,
  ResultNotKeptError,
  ResultTimeoutError,
} from './errors/job-errors.js'
export { MillraceError } from './errors/millrace-error.js'
export type { FailureReason, FailureRecord } from './failure/failure-record.js'
export { recordFailure } from './failure/record-failure.js'
export { laneOfKey } from './id/hash-lane.js'
export { generateJobId, laneOfJobId } from './id/job-id.js'
export type { InputComposition, JobMessage, MessageExtras } from './message/job-message.js'
export { MAX_BATCH_BYTES, MAX_BATCH_JOBS } from './message/job-message.js'
export { encodeMessage, readMessage, WIRE_VERSION } from './message/job-message-codec.js'
export type { JsonLimits } from './message/to-json.js'
export { toJson } from './message/to-json.js'
export { MAX_DEPTH } from './message/weigh.js'
export { checkJobId } from './names/check-job-id.js'
export type { NameKind } from './names/check-name.js'
export { checkName } from './names/check-name.js'
export { closestName } from './names/closest-name.js'
export { checkOptions } from './options/check-options.js'
export type { Backoff, BackoffOptions, Jitter } from './retry/backoff.js'
export { DEFAULT_BACKOFF, resolveBackoff } from './retry/backoff.js'
export { backoffDelay } from './retry/backoff-delay.js'
export type { Case } from './retry/judge.js'
export { judge, UNKNOWN_TASK_DELAY_MS, UNKNOWN_TASK_PATIENCE_MS } from './retry/judge.js'
export type { Outcome } from './retry/outcome.js'
export type { Verdict } from './retry/verdict.js'
export { CANCELLED, SUCCEEDED } from './retry/verdict.js'
export { KeyedRoster } from './roster/keyed-roster.js'
export type { RosterMember } from './roster/roster.js'
export { Roster } from './roster/roster.js'
export type { DueTicks } from './schedule/due-ticks.js'
export { dueTicks } from './schedule/due-ticks.js'
export { nextTick } from './schedule/next-tick.js'
export type { Instant, ScheduleOptions } from './schedule/parse-schedule.js'
export { parseSchedule } from './schedule/parse-schedule.js'
export type { ScheduleSpec, ScheduleTiming } from './schedule/schedule-spec.js'
export { jitteredTick, scheduledJobId } from './schedule/scheduled-job.js'
export { pathText } from './schema/path-text.js'
export type { Schema, Validation } from './schema/validate.js'
export { validate } from './schema/validate.js'
export type { JobState, ObservedState, TerminalState } from './state/transitions.js'
export { isTerminal, mayFollow, TERMINAL_STATES, TRANSITIONS } from './state/transitions.js'
export type { TaskDeclaration } from './task/declared-tasks.js'
export { declaredTasks, unregisteredHint } from './task/declared-tasks.js'
export type { Logger, LogMethod } from './task/logger.js'
export { checkPolicyDefaults, resolveTaskPolicy } from './task/resolve-task-policy.js'
export { RetryRequest } from './task/retry-request.js'
export type { TaskContext, TaskHandler } from './task/task-context.js'
export type { TaskDefinition } from './task/task-definition.js'
export { defineTask } from './task/task-definition.js'
export type { RetryOptions, TaskOptions, TaskPolicyOptions } from './task/task-options.js'
export type { Delivery, TaskPolicy } from './task/task-policy.js'
export { TaskRegistry } from './task/task-registry.js'

export type {
  Callable,
  Codec,
  EnqueueManyOptions,
  EnqueueMessage,
  EnqueueMiddleware,
  EnqueueOptions,
  Flow,
  Group,
  GroupHandle,
  Handler,
  JobHandle,
  JobOutcome,
  Jsonify,
  Link,
  RunOptions,
  Task,
  UniqueOptions,
  WaitOptions,
  WorkflowCall,
  WorkflowOptions,
} from '@millrace/client'
export { chain, chord, group } from '@millrace/client'
export type {
  BackoffOptions,
  Delivery,
  Duration,
  ErrorCode,
  FailureReason,
  FailureRecord,
  InputIssue,
  Instant,
  JobState,
  Logger,
  ObservedState,
  RetryOptions,
  RetryRequest,
  ScheduleOptions,
  Schema,
  TaskContext,
  TaskDefinition,
  TaskOptions,
  TaskPolicy,
  TaskPolicyOptions,
} from '@millrace/core'
export {
  BrokerFullError,
  BrokerUnavailableError,
  BrokerUnfitError,
  ERROR_CATALOGUE,
  Fatal,
  InvalidInputError,
  InvalidNameError,
  InvalidOptionError,
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  JobTimedOutError,
  LayoutMismatchError,
  LeaseLostError,
  LockNotWonError,
  MillraceError,
  NotSerializableError,
  OutcomeUnknownError,
  PayloadTooLargeError,
  ResultNotKeptError,
  ResultTimeoutError,
  StaleEpochError,
  UniqueConflictError,
  UnknownTaskError,
} from '@millrace/core'
export type { Control, Monitor } from '@millrace/monitor'
export type {
  AttemptVerdict,
  AttemptView,
  CrashNotice,
  ExecuteMiddleware,
  FailureNotice,
  JobHooks,
  JobNotice,
  RetryNotice,
} from '@millrace/worker'
export { App, createApp } from './app.js'
export type { AppOptions } from './app-options.js'
export type { BrokerOption, RedisOptions } from './broker/open-broker.js'
export type { HeldLock, LockOptions } from './coordination/app-locks.js'
export type { Registered } from './decorators/registered.js'
export type { TaskDecorator } from './decorators/task-decorator.js'
export { task } from './decorators/task-decorator.js'
export type { TaskInput, TaskOutput } from './decorators/task-input.js'
export type { TasksDecorator } from './decorators/tasks-decorator.js'
export { tasks } from './decorators/tasks-decorator.js'
export type { Middleware } from './middleware.js'
export type { AppScheduleControl } from './schedules/app-schedule-control.js'

import type { AuditRecord } from '@millrace/broker'
import { type BulkAnswer, type BulkOrder, orderJobs } from './bulk/order-jobs.js'
import { type JobAnswer, type OrderDetails, orderJob } from './job-control.js'
import { type FsckQuery, type RepairView, repairLanes } from './lane-check.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'
import { type PauseAnswer, type PurgeAnswer, purgeQueue, type Steps, setPaused } from './queue-control.js'
import { type RetryAllAnswer, type RetryAllQuery, retryAll } from './retry-all.js'
import {
  checkSize,
  orderWorkers,
  type PingAnswer,
  type PingOptions,
  pingWorkers,
  type WorkerOrderAnswer,
  type WorkerOrderOptions,
} from './worker-control.js'

/** Where a job is looked for. Default: in every queue. */
export interface JobPlace {
  readonly queue?: string | undefined
}

/**
 * The steering side. Answers are plain data. Every call rejects with `BrokerUnavailableError` without a broker, with
 * `InvalidOptionError` for a queue that was never used.
 */
export interface Control {
  /** Nothing of the queue is handed out until `resume`; running jobs finish. */
  pause(queue: string): Promise<PauseAnswer>
  resume(queue: string): Promise<PauseAnswer>
  /** Cancels what waits: ready, scheduled, retrying. Running and failed jobs stay. */
  purge(queue: string, steps?: Steps): Promise<PurgeAnswer>
  /** `failed` → `ready`. */
  retry(id: string, place?: JobPlace): Promise<JobAnswer>
  /** Waiting → `cancelled`; a running job is asked to stop. */
  cancel(id: string, place?: JobPlace): Promise<JobAnswer>
  /** Removes a failed job for good. */
  discard(id: string, place?: JobPlace): Promise<JobAnswer>
  /** `scheduled`, `retrying` → `ready`, now. */
  promote(id: string, place?: JobPlace): Promise<JobAnswer>
  /** `scheduled`, `retrying`: due so many ms from now instead. Default 1 h. */
  postpone(id: string, place?: JobPlace & OrderDetails): Promise<JobAnswer>
  /** One order for many jobs, in bounded steps. */
  orderAll(bulk: BulkOrder): Promise<BulkAnswer>
  /** Every failed job that matches → `ready`. */
  retryAll(query?: RetryAllQuery): Promise<RetryAllAnswer>
  /**
   * Checks the lanes and mends what can be mended without a guess. Every queue it is to look at must be paused, else it
   * rejects with `InvalidOptionError` and changes nothing.
   */
  repair(query?: FsckQuery): Promise<RepairView>
  /** Asks workers for a sign of life. */
  ping(options?: PingOptions): Promise<PingAnswer>
  /** Workers take nothing new until `unquiet`. */
  quiet(options?: WorkerOrderOptions): Promise<WorkerOrderAnswer>
  /** Takes `quiet` back. */
  unquiet(options?: WorkerOrderOptions): Promise<WorkerOrderAnswer>
  /** Workers drain and end. */
  stop(options?: WorkerOrderOptions): Promise<WorkerOrderAnswer>
  /** Workers run this many handlers at once, 1 … 10,000. */
  resize(size: number, options?: WorkerOrderOptions): Promise<WorkerOrderAnswer>
  /** Adds to the audit log, which keeps about the last 10,000. */
  recordAudit(record: AuditRecord): Promise<void>
}

export function createControl(scope: MonitorScope): Control {
  const order =
    (kind: Parameters<typeof orderJob>[1]) =>
    (id: string, place: JobPlace & OrderDetails = {}) =>
      orderJob(scope, kind, { id, queue: place.queue, delayMs: place.delayMs })
  return {
    pause: (queue) => setPaused(scope, queue, true),
    resume: (queue) => setPaused(scope, queue, false),
    purge: (queue, steps = {}) => purgeQueue(scope, queue, steps),
    retry: order('retry'),
    cancel: order('cancel'),
    discard: order('discard'),
    promote: order('promote'),
    postpone: order('postpone'),
    orderAll: (bulk) => orderJobs(scope, bulk),
    retryAll: (query = {}) => retryAll(scope, query),
    repair: (query = {}) => repairLanes(scope, query),
    ping: (options = {}) => pingWorkers(scope, options),
    quiet: (options = {}) => orderWorkers(scope, { kind: 'quiet' }, options),
    unquiet: (options = {}) => orderWorkers(scope, { kind: 'resume' }, options),
    stop: (options = {}) => orderWorkers(scope, { kind: 'stop' }, options),
    resize: async (size, options = {}) => orderWorkers(scope, { kind: 'resize', size: checkSize(size) }, options),
    recordAudit: async (record) => (await scope.broker()).control.recordAudit(record, callOptions(scope)),
  }
}

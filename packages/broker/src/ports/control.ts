import type { AuditRecord } from './audit.js'
import type { CallOptions } from './call.js'
import type { WorkerCommand } from './consumer.js'
import type { JobRef, Lane } from './lane.js'

export interface ControlPort {
  /** No job of the lane is handed out until `resume`; running ones finish. */
  pause(lane: Lane, options?: CallOptions): Promise<void>
  resume(lane: Lane, options?: CallOptions): Promise<void>
  /** `ready | scheduled | retrying` → `cancelled` at once; `running`: asked (its handler's signal aborts). */
  cancel(ref: JobRef, options?: CallOptions): Promise<'cancelled' | 'asked' | 'ended' | 'unknown'>
  /** `failed` → `ready`, attempts and crashes forgotten. */
  retry(ref: JobRef, options?: CallOptions): Promise<'retried' | 'not-failed' | 'unknown'>
  /** Removes a failed job for good. */
  discard(ref: JobRef, options?: CallOptions): Promise<'discarded' | 'not-failed' | 'unknown'>
  /** `scheduled | retrying` → `ready`, now. */
  promote(ref: JobRef, options?: CallOptions): Promise<'promoted' | 'not-waiting' | 'unknown'>
  /** `scheduled | retrying`: due so many ms from now instead, by the store's clock. */
  postpone(ref: JobRef, delayMs: number, options?: CallOptions): Promise<'postponed' | 'not-waiting' | 'unknown'>
  /** Cancels what waits in the lane (ready, scheduled, retrying), a bounded step per call: repeat while `more`. */
  purge(lane: Lane, options?: CallOptions): Promise<{ readonly purged: number; readonly more: boolean }>
  /** Sends an order to workers; each sees it within its announce interval. */
  broadcast(command: WorkerCommand, options?: CallOptions): Promise<void>
  /** Adds to the audit log, which keeps about the last 10,000. Sent twice by a lost connection, it may stand there twice. */
  recordAudit(record: AuditRecord, options?: CallOptions): Promise<void>
}

import type { Duration } from '../duration/parse-duration.js'
import type { Logger } from './logger.js'
import type { RetryRequest } from './retry-request.js'

/** What a handler gets beside its input: who it is, when to stop, how to report. */
export interface TaskContext {
  readonly jobId: string
  /** The task's name as defined, also when the job came by an alias. */
  readonly task: string
  /** Starts at 1. */
  readonly attempt: number
  /** Executions before this one that ended with their worker's lease. */
  readonly crashes: number
  /**
   * Names this reservation and grows with each one of the lane: give it to other stores as a fencing token.
   * Decimal digits.
   */
  readonly token: string
  /** Aborts on timeout, cancel, drain and a lost lease; its reason says which. */
  readonly signal: AbortSignal
  /** Writes to the app's log. Lines that it lets through, from `info` up, are kept with the job as well: the last 16 KiB. */
  readonly log: Logger
  /**
   * Publishes progress (plain JSON, at most 64 KiB) to whoever watches the job. Fire and forget: the latest value wins, and is kept with
   * the job where it has at most 16 KiB.
   */
  progress(value: unknown): void
  readonly headers: Readonly<Record<string, string>>
  /** By the producer's clock. */
  readonly enqueuedAt: Date
  /** When this attempt times out; `undefined` without a timeout. */
  readonly deadline: Date | undefined
  /** To be returned: asks for another attempt, after `delay` or as the task's backoff says. */
  retry(options?: { readonly delay?: Duration }): RetryRequest
}

/**
 * A handler as the registry keeps it. Written as a method type so that a handler of a narrower input can be kept among
 * others: its definition's schema has parsed the input before it is called.
 */
export type TaskHandler<Input = unknown, Output = unknown> = {
  handle(input: Input, ctx: TaskContext): Output
}['handle']

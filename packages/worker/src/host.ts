import type { Broker } from '@millrace/broker'
import type { FailureRecord, Logger, TaskContext, TaskRegistry } from '@millrace/core'
import type { JobHooks } from './job-hooks.js'

/** What a worker needs of the app it works for. The facade's `App` satisfies it. */
export interface WorkerHost {
  /** The app's name. */
  readonly name: string
  /** Definitions and handlers. Read at each job, so tasks may be added after `start()`. */
  readonly registry: TaskRegistry
  /** The one broker of the app, opened on first use. */
  broker(): Promise<Broker>
  readonly logger: Logger
  /** The composed `execute` middleware, outermost first; absent where there is none. */
  readonly execute?: ExecuteMiddleware | undefined
  /** Told of retries and failures, in order; absent where there are none. Read at each of them. */
  readonly hooks?: readonly JobHooks[] | undefined
  /** What turns inputs and outputs into JSON and back, beyond JSON itself. */
  readonly codec?: WorkerCodec | undefined
  /** Largest output, UTF-8 bytes of JSON. Default 1 MiB. */
  readonly maxOutputBytes?: number | undefined
  /** How many lanes a queue has. Default 1 each. */
  lanes?(queue: string): number
}

/** Runs around the handler of every attempt. `next()` runs the rest and gives the handler's value; throw to fail the attempt. */
export type ExecuteMiddleware = (attempt: AttemptView, next: () => Promise<unknown>) => Promise<unknown>

/** An attempt as `execute` middleware sees it. */
export interface AttemptView {
  readonly jobId: string
  /** The task's name as it is defined here (not the alias that the message may carry). */
  readonly task: string
  readonly queue: string
  /** Starts at 1. */
  readonly attempt: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed by the task's input schema. */
  readonly input: unknown
  /** What the handler is given. */
  readonly ctx: TaskContext
  /**
   * What becomes of the attempt. Resolves when that is decided: after `next()`, since the output may still be refused, or before, where a
   * handler ignores its abort. To be asked for before `next()` is called; costs nothing where nobody asks.
   */
  readonly verdict: Promise<AttemptVerdict>
}

export interface AttemptVerdict {
  /** `lost`: the lease was, and another execution decides. */
  readonly kind: 'succeed' | 'retry' | 'fail' | 'release' | 'cancel' | 'lost'
  /** What is stored and shown, of `retry` and `fail`. */
  readonly failure?: FailureRecord
  /** What the handler threw, as it was; `undefined` where nothing was thrown. */
  readonly error?: unknown
  /** Until the next attempt, ms, of `retry`. */
  readonly delayMs?: number
}

/** The worker's side of a codec: both directions work on JSON values. */
export interface WorkerCodec {
  /** Compared with the name that the message carries. */
  readonly name: string
  encode(value: unknown): unknown
  decode(value: unknown): unknown
}

import type { Duration } from '../duration/parse-duration.js'
import type { BackoffOptions } from '../retry/backoff.js'
import type { Schema } from '../schema/validate.js'
import type { Delivery } from './task-policy.js'

export interface RetryOptions {
  /** Attempts in all, the first included; 1 … 1,000. Default 3 (1 for at-most-once). */
  readonly attempts?: number | undefined
  /** Default: exponential from '1s' to '10m', doubled each time, full jitter. */
  readonly backoff?: BackoffOptions | undefined
  /** Whether an error is worth another attempt. Default: every one is. One that throws fails the job. */
  readonly when?: ((error: unknown) => boolean) | undefined
}

/** How jobs are treated: given per task, or for all tasks as `defaults` of the app. */
export interface TaskPolicyOptions {
  /** Default 'default'. */
  readonly queue?: string | undefined
  readonly retry?: RetryOptions | undefined
  /** After so long `ctx.signal` aborts and the attempt counts as timed out. Default: none. */
  readonly timeout?: Duration | undefined
  /** After so long the attempt is given up even when the handler does not stop; at least `timeout`. Default: none. */
  readonly hardTimeout?: Duration | undefined
  /** Default 'at-least-once'. 'at-most-once' never runs a job a second time: no retries, nothing after a crash. */
  readonly delivery?: Delivery | undefined
  /** How long results are kept. Default `{ keep: '1h' }` with an output schema, else false. */
  readonly results?: false | { readonly keep: Duration } | undefined
  /** A job that was not started within so long never runs. Default: none. */
  readonly expires?: Duration | undefined
  /** Crashes until a job fails as poison; 1 … 100. Default 3. */
  readonly maxCrashes?: number | undefined
}

/** What `define` and `task` take. `I`, `O`: the schemas, or `undefined` where there is none. */
export interface TaskOptions<
  I extends Schema | undefined = Schema | undefined,
  O extends Schema | undefined = Schema | undefined,
> extends TaskPolicyOptions {
  /** Checks the input, at enqueue and again before the handler. Any Standard Schema. */
  readonly input?: I
  /** Checks the output. */
  readonly output?: O
  /** Former names of the task, still taken. */
  readonly aliases?: readonly string[] | undefined
  /** A label of the contract, shown in monitors. */
  readonly version?: string | undefined
}

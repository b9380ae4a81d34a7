import type { Duration, JobFailedError, ObservedState } from '@millrace/core'

export interface WaitOptions {
  /** How long to wait for the job's end; then `ResultTimeoutError`, and the job goes on. Default: no limit. */
  readonly timeout?: Duration
  /** Gives up the wait: rejects with its reason. */
  readonly signal?: AbortSignal
}

/** How a job ended, or why that is not known. */
export type JobOutcome<Output> =
  | { readonly state: 'succeeded'; readonly kept: true; readonly output: Output }
  /** It succeeded; its task keeps no results. */
  | { readonly state: 'succeeded'; readonly kept: false; readonly output: undefined }
  | { readonly state: 'failed'; readonly error: JobFailedError }
  | { readonly state: 'cancelled' }
  | { readonly state: 'expired' }
  /** Not known: `ResultTimeoutError`, `ResultNotKeptError` (gone), `BrokerUnavailableError`, an abort, … */
  | { readonly state: 'unknown'; readonly error: unknown }

/** One job, seen from where it was enqueued, or from anywhere else with its id. Holds no connection and no state. */
export interface JobHandle<Output = unknown> {
  readonly id: string
  /**
   * The output, once the job has succeeded. Waits without a limit unless told otherwise. Rejects with `JobFailedError`,
   * `JobCancelledError`, `JobExpiredError`, `ResultTimeoutError`, with the signal's reason, and with `ResultNotKeptError`:
   * at once where the task keeps no results, else when the job's end has been forgotten.
   */
  result(options?: WaitOptions): Promise<Output>
  /** How the job ended, as a value: waits as `result()` does, for every task, and never rejects. */
  outcome(options?: WaitOptions): Promise<JobOutcome<Output>>
  /** Where the job is now. `unknown`: it left no trace. Rejects with `BrokerUnavailableError`. */
  state(): Promise<ObservedState>
  /**
   * Cancels a waiting job; asks a running one to stop (its `ctx.signal` aborts). `ended`: too late; `unknown`: no trace.
   * Rejects with `BrokerUnavailableError`.
   */
  cancel(): Promise<'cancelled' | 'asked' | 'ended' | 'unknown'>
  /** What the handler reports, from now on, until the job ends. At most 1,000 values wait to be read; older ones go first. */
  progress(options?: WaitOptions): AsyncGenerator<unknown, void, undefined>
}

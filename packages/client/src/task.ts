import type { RetryRequest, TaskContext, TaskDefinition } from '@millrace/core'
import type { EnqueueManyOptions, EnqueueOptions } from './ports/enqueue-options.js'
import type { JobHandle } from './ports/job-handle.js'
import type { NoExtra, NoPart, Part } from './workflow/fit.js'
import type { Link, Step } from './workflow/flow.js'

/** The input and what follows it: the input may be left out where the task takes `undefined`. */
export type InputAnd<Input, Options> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options]

export type MaybePromise<T> = T | Promise<T>

/** What executes a task's jobs. May return `ctx.retry()` instead of its output. */
export type Handler<Parsed, Given> = (input: Parsed, ctx: TaskContext) => MaybePromise<Given | RetryRequest>

export interface RunOptions {
  /** What the handler finds in its context, over neutral defaults. */
  readonly ctx?: Partial<TaskContext>
}

/**
 * A task: what callers enqueue and workers execute.
 *
 * `Input` is what callers give, `Parsed` what the handler receives, `Given` what it returns (and what the next link of a
 * workflow takes), `Output` what `result()` gives.
 */
export interface Task<Input, Parsed = Input, Given = unknown, Output = Given>
  extends Step<Input, NoPart, Given, Output> {
  readonly name: string
  readonly definition: TaskDefinition
  /** Carries the types only. */
  readonly '~types'?: { readonly parsed: Parsed }

  /** Gives the task its handler, where jobs of it are executed. Throws `InvalidOptionError` when it has one. */
  handle(handler: Handler<Parsed, Given>): this

  /**
   * Puts one job on its queue; resolves when the broker has it. Rejects, with nothing written, with `InvalidInputError`,
   * `NotSerializableError`, `PayloadTooLargeError`, `InvalidOptionError`, `InvalidNameError`, `UniqueConflictError`,
   * `BrokerFullError`, `BrokerUnavailableError`; with `OutcomeUnknownError` where nobody knows. With an `id` or a unique
   * key that another job has: resolves with that job's handle.
   */
  enqueue(...call: InputAnd<Input, EnqueueOptions>): Promise<JobHandle<Output>>

  /**
   * Puts a job per input on the queue, in order, in as few calls as possible. All inputs are checked before the first
   * job is sent; errors name the index. Rejects as `enqueue` does.
   */
  enqueueMany(inputs: readonly Input[], options?: EnqueueManyOptions): Promise<JobHandle<Output>[]>

  /**
   * Runs the handler here and now, without a broker: validates, passes input and output through JSON as a real job would.
   * Rejects with what the handler throws, with `InvalidInputError`, and with `UnknownTaskError` without a handler.
   */
  run(...call: InputAnd<Input, RunOptions>): Promise<Output>

  /** The task with its input, or with a part of it: a link of a workflow. */
  with<S extends Part<Input>>(part: S & NoExtra<S, Input>): Link<Input, S, Given, Output>

  /** The handle of a job of this task that was enqueued elsewhere. Asks nobody whether it exists. Throws `InvalidNameError`. */
  job(id: string): JobHandle<Output>
}

import type { WorkflowGraph, WorkflowStep } from '@millrace/core'
import type { FlowLink, WorkflowOptions } from '../ports/flow-link.js'
import type { JobHandle, WaitOptions } from '../ports/job-handle.js'
import type { Collected, Fits, Merged, NoExtra, NoPart, Part } from './fit.js'

/** Anything that gives something to a next step: a flow or a group. */
export interface Upstream<Given> {
  readonly graph: WorkflowGraph<FlowLink>
  /** Carries the type only. */
  readonly '~given'?: Given
}

/** Anything that ends in one job, so that it can be a member of a group. */
export interface Ended<Given, Output> extends Upstream<Given> {
  readonly graph: WorkflowStep<FlowLink>
  /** Carries the type only. */
  readonly '~result'?: Output
}

/** Anything that may stand after something: a task (`S` is `NoPart`), or a task with a part of its input. */
export interface Step<Input, S, Given, Output> {
  readonly link: FlowLink
  /** Carries the types only. */
  readonly '~step'?: { readonly input: Input; readonly part: S; readonly given: Given; readonly output: Output }
}

export interface Pipeable<Upper> {
  /**
   * Adds a step that takes the output of what precedes it: as it is, or, with a static part, both merged (the part wins).
   * After a group: the list of outputs, or `{ ...part, results }`. A misfit is refused by the compiler, and by the worker.
   */
  pipe<Input, S, Given, Output>(
    next: Step<Input, S, Given, Output> & Fits<Merged<Upper, S>, Input>,
  ): Flow<Given, Output>
  pipe<Input, Given, Output, S extends Part<Input>>(
    next: Step<Input, NoPart, Given, Output>,
    part: S & NoExtra<S, Input> & Fits<Merged<Upper, S>, Input>,
  ): Flow<Given, Output>
}

/** A chain or a chord, and a single call as the shortest of them: ends in one job. */
export interface Flow<Given, Output> extends Ended<Given, Output>, Pipeable<Given> {
  /**
   * Enqueues all jobs, the last first. Resolves with the handle of the last. Rejects as `task.enqueue` does; with
   * `OutcomeUnknownError` where a part of the workflow may be on its lanes.
   */
  enqueue(options?: WorkflowOptions): Promise<JobHandle<Output>>
}

/**
 * A task with a part of its input. Where the part is the whole input it is a flow as well; else it can only stand after
 * what gives the rest.
 */
export type Link<Input, S, Given, Output> = [S] extends [Input]
  ? Step<Input, S, Given, Output> & Flow<Given, Output>
  : Step<Input, S, Given, Output>

/** Independent flows; with a `pipe`, a chord. */
export interface Group<Givens, Outputs extends readonly unknown[]>
  extends Upstream<Collected<Givens>>,
    Pipeable<Collected<Givens>> {
  /** Enqueues all members. Resolves with their handles, in order. */
  enqueue(options?: WorkflowOptions): Promise<GroupHandle<Outputs>>
}

export interface GroupHandle<Outputs extends readonly unknown[]> {
  readonly jobs: { readonly [K in keyof Outputs]: JobHandle<Outputs[K]> }
  /** All outputs, in order. Rejects with the first error, as `JobHandle.result` does. */
  results(options?: WaitOptions): Promise<Outputs>
}

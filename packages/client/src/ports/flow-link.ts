import type { PlannableLink, TaskDefinition, WorkflowGraph } from '@millrace/core'
import type { EnqueueManyOptions } from './enqueue-options.js'
import type { JobHandle } from './job-handle.js'

/** One call in a workflow: which task, with which static part, of which app. */
export interface FlowLink extends PlannableLink {
  readonly definition: TaskDefinition
  /** Meaningful where `hasPart`. */
  readonly part: unknown
  /** All links of a workflow must have the same: its jobs go to one broker. */
  readonly owner: FlowOwner
}

/** What holds for the jobs of a workflow: delays for those that wait for nothing, the rest for all of them. */
export type WorkflowOptions = Pick<EnqueueManyOptions, 'delay' | 'at' | 'priority' | 'headers'>

/** Whoever made the tasks of a workflow enqueues it. */
export interface FlowOwner {
  /** Resolves with the handles of the jobs that feed nothing, in the order of the graph. */
  enqueueFlow(
    graph: WorkflowGraph<FlowLink>,
    options: WorkflowOptions | undefined,
  ): Promise<readonly JobHandle<unknown>[]>
}

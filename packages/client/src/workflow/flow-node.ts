import {
  InvalidOptionError,
  MillraceError,
  type WorkflowGraph,
  type WorkflowGroup,
  type WorkflowStep,
} from '@millrace/core'
import type { FlowLink, WorkflowOptions } from '../ports/flow-link.js'
import type { JobHandle, WaitOptions } from '../ports/job-handle.js'
import type { Flow, Group } from './flow.js'

/** A graph that ends in one job. A task's `with()` makes one whose `link` can also stand after something. */
export class FlowNode {
  readonly graph: WorkflowStep<FlowLink>
  readonly link: FlowLink

  constructor(link: FlowLink, after: WorkflowGraph<FlowLink> | undefined) {
    this.link = link
    this.graph = { kind: 'step', link, after }
  }

  pipe(...next: [unknown, unknown?]): FlowNode {
    return pipe(this.graph, next)
  }

  async enqueue(options?: WorkflowOptions): Promise<JobHandle<unknown>> {
    const [last] = await enqueueGraph(this.graph, options)
    return last as JobHandle<unknown>
  }
}

/** A graph with any number of ends. */
export class GroupNode {
  readonly graph: WorkflowGroup<FlowLink>

  constructor(members: readonly WorkflowStep<FlowLink>[]) {
    this.graph = { kind: 'group', members }
  }

  pipe(...next: [unknown, unknown?]): FlowNode {
    return pipe(this.graph, next)
  }

  async enqueue(options?: WorkflowOptions) {
    const jobs = await enqueueGraph(this.graph, options)
    return {
      jobs,
      results: (wait?: WaitOptions) => Promise.all(jobs.map((job) => job.result(wait))),
    }
  }
}

/** The typed face of a flow, checked by its caller. */
export function asFlow<Given, Output>(node: FlowNode): Flow<Given, Output> {
  return node as unknown as Flow<Given, Output>
}

export function asGroup<Givens, Outputs extends readonly unknown[]>(node: GroupNode): Group<Givens, Outputs> {
  return node as unknown as Group<Givens, Outputs>
}

function pipe(after: WorkflowGraph<FlowLink>, next: readonly [unknown, unknown?]): FlowNode {
  const [step, part] = next
  const { link, graph } = (step ?? {}) as { readonly link?: FlowLink; readonly graph?: WorkflowGraph<FlowLink> }
  if (link === undefined || (graph?.kind === 'step' && graph.after !== undefined)) {
    throw new MillraceError(
      'MISFIT_LINK',
      'Only a task, or a task with a static part, can be piped into: write first.pipe(second).pipe(third), and group(...).pipe(body).',
    )
  }
  if (next.length === 1) return new FlowNode(link, after)
  if (link.hasPart) {
    throw new InvalidOptionError({
      option: 'pipe',
      found: part,
      expected: 'one static part: by with() or as the second argument',
    })
  }
  return new FlowNode({ ...link, hasPart: true, part }, after)
}

async function enqueueGraph(
  graph: WorkflowGraph<FlowLink>,
  options: WorkflowOptions | undefined,
): Promise<readonly JobHandle<unknown>[]> {
  let node = graph
  while (node.kind === 'group') {
    const [member] = node.members
    if (member === undefined) return []
    node = member
  }
  return node.link.owner.enqueueFlow(graph, options)
}

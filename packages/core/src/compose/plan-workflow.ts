import type { InputComposition } from '../message/job-message.js'
import type { PlannableLink, WorkflowGraph, WorkflowStep } from './workflow-graph.js'

/** A job of a workflow before it has an id. Other jobs are named by their position in the plan. */
export interface PlannedJob<L extends PlannableLink> {
  readonly link: L
  /** How its input is built from upstream outputs; `undefined` for a job that waits for nothing. */
  readonly compose: InputComposition | undefined
  /** How many upstream jobs it waits for. */
  readonly waitsFor: number
  /** The job that takes this one's output, and as which of its inputs. */
  readonly joins: { readonly job: number; readonly index: number } | undefined
  /** Steps to the end of the workflow: 0 for a job that feeds nothing. */
  readonly depth: number
  /** The body of a chord without members: its input is the empty list (or `{ ...part, results: [] }`). */
  readonly overNothing: boolean
}

export interface WorkflowPlan<L extends PlannableLink> {
  /** In the order of enqueueing: every job stands after the one that it joins. */
  readonly jobs: readonly PlannedJob<L>[]
  /** Positions of the jobs that feed nothing: one for a chain or a chord, one per member for a group. */
  readonly ends: readonly number[]
}

interface Pending<L extends PlannableLink> {
  readonly step: WorkflowStep<L>
  readonly joins: PlannedJob<L>['joins']
}

/**
 * Lays a workflow out as jobs that can all be enqueued up front, last first: a job is on its lane, parked,
 * before any job that feeds it can end. Works with a stack, so a chain may be as long as memory allows.
 */
export function planWorkflow<L extends PlannableLink>(graph: WorkflowGraph<L>): WorkflowPlan<L> {
  const jobs: PlannedJob<L>[] = []
  const ends: number[] = []
  const pending: Pending<L>[] = []
  const push = (steps: readonly WorkflowStep<L>[], job: number | undefined) => {
    for (let index = steps.length - 1; index >= 0; index--) {
      const step = steps[index] as WorkflowStep<L>
      pending.push({ step, joins: job === undefined ? undefined : { job, index } })
    }
  }
  push(graph.kind === 'group' ? graph.members : [graph], undefined)
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { link, after } = next.step
    const position = jobs.length
    const upstream = after === undefined ? [] : after.kind === 'group' ? after.members : [after]
    const from = after?.kind === 'group' ? 'outputs' : 'output'
    jobs.push({
      link,
      compose: upstream.length === 0 ? undefined : { from, merge: link.hasPart },
      waitsFor: upstream.length,
      joins: next.joins,
      depth: next.joins === undefined ? 0 : (jobs[next.joins.job] as PlannedJob<L>).depth + 1,
      overNothing: after !== undefined && upstream.length === 0,
    })
    if (next.joins === undefined) ends.push(position)
    push(upstream, position)
  }
  return { jobs, ends }
}

import type { JobAttrs, JobRef, Lane, NewJob } from '@millrace/broker'
import {
  checkOptions,
  encodeMessage,
  generateJobId,
  InvalidOptionError,
  MillraceError,
  type PlannedJob,
  planWorkflow,
  type TaskDefinition,
  type WorkflowGraph,
} from '@millrace/core'
import type { ClientScope } from '../../ports/client-scope.js'
import type { FlowLink, WorkflowOptions } from '../../ports/flow-link.js'
import { type CallPlan, planCall } from '../call-plan.js'
import { encodeInput, inputJson } from '../encode-input.js'
import type { Sender } from '../sender.js'
import type { TaskRoute, TaskRoutes } from '../task-route.js'
import { type StagedJob, sendInOrder } from './send-in-order.js'
import { type Draft, throughMiddleware } from './workflow-middleware.js'

const WORKFLOW_OPTIONS = ['delay', 'at', 'priority', 'headers'] as const satisfies readonly (keyof WorkflowOptions)[]

/** A job of a workflow that feeds nothing. */
export interface WorkflowEnd {
  readonly definition: TaskDefinition
  readonly ref: JobRef
}

/** Graph → plan → messages → lanes. Everything is checked and encoded before the first job is sent. */
export class WorkflowEnqueuer {
  readonly #scope: ClientScope
  readonly #routes: TaskRoutes
  readonly #sender: Sender
  #turn = 0

  constructor(scope: ClientScope, routes: TaskRoutes, sender: Sender) {
    this.#scope = scope
    this.#routes = routes
    this.#sender = sender
  }

  /** Resolves with the jobs that feed nothing, in the order of the graph. */
  async enqueue(graph: WorkflowGraph<FlowLink>, options: WorkflowOptions = {}): Promise<readonly WorkflowEnd[]> {
    checkOptions(options, 'workflow.enqueue', WORKFLOW_OPTIONS)
    const plan = planWorkflow(graph)
    const owner = plan.jobs[0]?.link.owner
    for (const { link } of plan.jobs) {
      if (link.owner === owner) continue
      throw new InvalidOptionError({
        option: 'workflow',
        found: link.definition.name,
        expected: 'tasks of one app: every link of a workflow goes to the same broker',
      })
    }
    const refs = this.#place(plan.jobs)
    const drafts = plan.jobs.map((job, position) => ({
      id: (refs[position] as JobRef).id,
      route: this.#routes.of(job.link.definition),
      input: inputOf(job),
      headers: { ...options.headers },
      job,
    }))
    await throughMiddleware(this.#scope.enqueueMiddleware, drafts, async () => {
      const jobs: StagedJob[] = []
      const plans = new Map<string, CallPlan>()
      for (const [position, draft] of drafts.entries()) {
        jobs.push(await this.#stage({ draft, refs, position, plans }, options))
      }
      await sendInOrder(this.#sender, jobs)
    })
    return plan.ends.map((end) => ({
      definition: (plan.jobs[end] as PlannedJob<FlowLink>).link.definition,
      ref: refs[end] as JobRef,
    }))
  }

  /** Ids and lanes. The jobs of one workflow that share a queue share a lane, so that most travel in one call. */
  #place(jobs: readonly PlannedJob<FlowLink>[]): JobRef[] {
    const turn = this.#turn++
    return jobs.map(({ link }) => {
      const { lanes } = this.#routes.of(link.definition)
      const lane = lanes[turn % lanes.length] as Lane
      return { lane, id: generateJobId(lane.index) }
    })
  }

  async #stage(
    at: {
      readonly draft: WorkflowDraft
      readonly refs: readonly JobRef[]
      readonly position: number
      readonly plans: Map<string, CallPlan>
    },
    options: WorkflowOptions,
  ): Promise<StagedJob> {
    const { draft, refs, position } = at
    const { job, route } = draft
    const { lane, id } = refs[position] as JobRef
    const json = await encodeDraft(draft)
    const plan = callPlan(draft, options, at.plans)
    const extras = job.compose === undefined ? plan.extras : { ...plan.extras, compose: job.compose }
    const message = encodeMessage(route.definition.name, json, this.#scope.clock.now(), extras)
    const attrs = attrsOf(job, refs, plan.attrs)
    const newJob: NewJob = attrs === undefined ? { id, message } : { id, message, attrs }
    return { lane, job: newJob, depth: job.depth }
  }
}

interface WorkflowDraft extends Draft {
  readonly job: PlannedJob<FlowLink>
}

/** The part of the input that is known now. */
function inputOf({ link, overNothing, compose }: PlannedJob<FlowLink>): unknown {
  if (link.hasPart && (overNothing || compose !== undefined) && !isMergeable(link.part)) {
    throw new MillraceError(
      'MISFIT_LINK',
      `The static part of ${link.definition.name} is merged with what comes from upstream, so it has to be an object.`,
    )
  }
  if (overNothing) return link.hasPart ? { ...(link.part as object), results: [] } : []
  return link.hasPart ? link.part : undefined
}

function isMergeable(part: unknown): boolean {
  return typeof part === 'object' && part !== null && !Array.isArray(part)
}

/** A job that waits for nothing has its whole input now; the others' inputs are checked where they are completed. */
function encodeDraft({ job, route, input }: WorkflowDraft): string | Promise<string> {
  if (job.compose === undefined) return encodeInput(route.rules, input)
  return job.compose.merge ? inputJson(route.rules, input) : 'null'
}

/** Options checked once per task where no middleware gave a job headers of its own. */
function callPlan(
  { job, route, headers }: WorkflowDraft,
  options: WorkflowOptions,
  plans: Map<string, CallPlan>,
): CallPlan {
  const head = job.compose === undefined
  const key = JSON.stringify([route.definition.name, head, headers])
  const known = plans.get(key)
  if (known !== undefined) return known
  const { priority, delay, at } = options
  const plan = planCall(planScope(route), {
    headers,
    ...(priority !== undefined && { priority }),
    ...(head && delay !== undefined && { delay }),
    ...(head && at !== undefined && { at }),
  })
  plans.set(key, plan)
  return plan
}

function planScope({ definition, lanes, codec }: TaskRoute) {
  return { definition, lanes: lanes.length, codec }
}

function attrsOf(
  job: PlannedJob<FlowLink>,
  refs: readonly JobRef[],
  attrs: JobAttrs | undefined,
): JobAttrs | undefined {
  if (job.waitsFor === 0 && job.joins === undefined) return attrs
  const target = job.joins === undefined ? undefined : (refs[job.joins.job] as JobRef)
  return {
    ...attrs,
    ...(job.waitsFor > 0 && { waitsFor: job.waitsFor }),
    ...(job.joins !== undefined &&
      target !== undefined && { joins: { lane: target.lane, id: target.id, index: job.joins.index } }),
  }
}

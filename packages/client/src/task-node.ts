import type { Lane } from '@millrace/broker'
import {
  checkJobId,
  checkOptions,
  type Logger,
  laneOfJobId,
  type TaskDefinition,
  type TaskHandler,
  type TaskRegistry,
} from '@millrace/core'
import type { Enqueuer } from './enqueue/enqueuer.js'
import type { TaskRoute, TaskRoutes } from './enqueue/task-route.js'
import { type JobHome, LiveJobHandle } from './handle/live-job-handle.js'
import type { KnownBroker } from './known-broker.js'
import type { ClientScope } from './ports/client-scope.js'
import type { EnqueueManyOptions, EnqueueOptions } from './ports/enqueue-options.js'
import type { FlowLink, FlowOwner } from './ports/flow-link.js'
import type { JobHandle } from './ports/job-handle.js'
import { runHere } from './run-here.js'
import type { RunOptions } from './task.js'
import { FlowNode } from './workflow/flow-node.js'

/** What a task needs of the client and the app that made it. */
export interface TaskHost {
  readonly scope: ClientScope
  readonly broker: KnownBroker
  readonly routes: TaskRoutes
  readonly enqueuer: Enqueuer
  readonly flows: FlowOwner
  readonly registry: TaskRegistry
  readonly logger: Logger
}

/** The one implementation of `Task`; the types are its callers' affair. */
export class TaskNode {
  readonly name: string
  readonly definition: TaskDefinition
  readonly link: FlowLink
  readonly #host: TaskHost
  readonly #route: TaskRoute
  /** By lane. */
  readonly #homes: readonly JobHome[]

  constructor(host: TaskHost, definition: TaskDefinition) {
    this.name = definition.name
    this.definition = definition
    this.#host = host
    this.#route = host.routes.of(definition)
    this.#homes = this.#route.lanes.map((lane) => ({
      ...{ scope: host.scope, broker: host.broker, definition, lane },
      habit: this.#route.habit,
    }))
    this.link = { definition, owner: host.flows, hasPart: false, part: undefined }
  }

  handle(handler: TaskHandler): this {
    this.#host.registry.handle(this.name, handler)
    return this
  }

  enqueue(input?: unknown, options?: EnqueueOptions): Promise<JobHandle> {
    const call = { route: this.#route, input, options }
    return this.#host.enqueuer.enqueue(call, ({ lane, id }) => new LiveJobHandle(this.#home(lane), id))
  }

  async enqueueMany(inputs: readonly unknown[], options?: EnqueueManyOptions): Promise<JobHandle[]> {
    const { lane, ids } = await this.#host.enqueuer.enqueueMany(this.#route, inputs, options)
    const home = this.#home(lane)
    const handles: JobHandle[] = []
    for (const id of ids) handles.push(new LiveJobHandle(home, id))
    return handles
  }

  async run(input?: unknown, options: RunOptions = {}): Promise<unknown> {
    checkOptions(options, 'run', ['ctx'])
    const { registry, logger } = this.#host
    return runHere({ definition: this.definition, rules: this.#route.rules, registry, logger, ctx: options.ctx }, input)
  }

  with(part: unknown): FlowNode {
    return new FlowNode({ ...this.link, hasPart: true, part }, undefined)
  }

  job(id: string): JobHandle {
    const { lanes } = this.#route
    return new LiveJobHandle(this.#home(lanes[laneOfJobId(checkJobId(id), lanes.length)] as Lane), id)
  }

  #home(lane: Lane): JobHome {
    return this.#homes[lane.index] as JobHome
  }
}

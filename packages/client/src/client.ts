import type { ScheduledCall } from '@millrace/broker'
import type { Logger, TaskDefinition, TaskRegistry } from '@millrace/core'
import { Enqueuer } from './enqueue/enqueuer.js'
import { type Callable, scheduledCall } from './enqueue/scheduled-call.js'
import type { SendBufferLimits } from './enqueue/send-buffer.js'
import { Sender } from './enqueue/sender.js'
import { TaskRoutes } from './enqueue/task-route.js'
import { WorkflowEnqueuer } from './enqueue/workflow/workflow-enqueuer.js'
import { LiveJobHandle } from './handle/live-job-handle.js'
import { KnownBroker } from './known-broker.js'
import type { ClientScope } from './ports/client-scope.js'
import type { FlowOwner } from './ports/flow-link.js'
import type { Task } from './task.js'
import { TaskNode } from './task-node.js'

export interface ClientOptions extends ClientScope {
  readonly registry: TaskRegistry
  readonly logger: Logger
  readonly buffer?: SendBufferLimits
}

/** The producing side of one app. */
export interface Client {
  /** The task object of a definition; its types are those that the caller knows it to have. */
  task<Input, Parsed, Given, Output>(definition: TaskDefinition): Task<Input, Parsed, Given, Output>
  /**
   * What the schedule of this name stores of a call; a promise only where the task's schema is asynchronous.
   * Throws as `enqueue` rejects.
   */
  scheduledCall(name: string, callable: Callable): ScheduledCall | Promise<ScheduledCall>
  /** Resolves once every call that has begun to be sent is answered. */
  idle(): Promise<void>
}

export function createClient(options: ClientOptions): Client {
  const { registry, logger } = options
  const routes = new TaskRoutes(options)
  const broker = new KnownBroker(options)
  const sender = new Sender(broker, options.buffer)
  const workflows = new WorkflowEnqueuer(options, routes, sender)
  const flows: FlowOwner = {
    enqueueFlow: async (graph, given) => {
      const ends = await workflows.enqueue(graph, given)
      return ends.map(
        ({ definition, ref }) =>
          new LiveJobHandle({ scope: options, broker, definition, lane: ref.lane, habit: undefined }, ref.id),
      )
    },
  }
  const host = { scope: options, broker, routes, enqueuer: new Enqueuer(options, sender), flows, registry, logger }
  return {
    task: <Input, Parsed, Given, Output>(definition: TaskDefinition) =>
      new TaskNode(host, definition) as unknown as Task<Input, Parsed, Given, Output>,
    scheduledCall: (name, callable) => scheduledCall(host, name, callable),
    idle: () => sender.idle(),
  }
}

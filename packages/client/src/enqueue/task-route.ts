import type { Lane } from '@millrace/broker'
import type { TaskDefinition } from '@millrace/core'
import type { ClientScope } from '../ports/client-scope.js'
import { WaitHabit } from '../ports/wait-habit.js'
import { type CallPlan, planCall } from './call-plan.js'
import type { InputRules } from './encode-input.js'

/** Where a task's jobs go and how its inputs are written: what does not change from call to call, made once per task. */
export interface TaskRoute {
  readonly definition: TaskDefinition
  readonly lanes: readonly Lane[]
  readonly rules: InputRules
  readonly codec: string | undefined
  /** The plan of a call without options. */
  readonly plain: CallPlan
  readonly habit: WaitHabit
}

/** The routes of one client's tasks, each made on first use. */
export class TaskRoutes {
  readonly #scope: ClientScope
  readonly #routes = new Map<TaskDefinition, TaskRoute>()

  constructor(scope: ClientScope) {
    this.#scope = scope
  }

  of(definition: TaskDefinition): TaskRoute {
    const known = this.#routes.get(definition)
    if (known !== undefined) return known
    const route = routeTask(this.#scope, definition)
    this.#routes.set(definition, route)
    return route
  }
}

function routeTask(scope: ClientScope, definition: TaskDefinition): TaskRoute {
  const { name: task, input: schema, policy } = definition
  const { queue } = policy
  const codec = scope.codec?.name
  const lanes = Array.from({ length: scope.lanes(queue) }, (_, index) => ({ queue, index }))
  return {
    definition,
    lanes,
    codec,
    rules: {
      task,
      schema,
      codec: scope.codec,
      limits: { what: `input of ${task}`, maxBytes: scope.maxInputBytes, allowUndefined: schema === undefined },
    },
    plain: planCall({ definition, lanes: lanes.length, codec }, undefined),
    habit: new WaitHabit(),
  }
}

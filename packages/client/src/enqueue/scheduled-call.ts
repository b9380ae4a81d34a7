import type { Lane, ScheduledCall } from '@millrace/broker'
import { InvalidOptionError, laneOfJobId, scheduledJobId } from '@millrace/core'
import type { FlowLink, FlowOwner } from '../ports/flow-link.js'
import { encodeInput } from './encode-input.js'
import type { TaskRoute, TaskRoutes } from './task-route.js'

/** What a schedule calls: a task with its whole input, and nothing piped before it. */
export interface Callable {
  readonly link: FlowLink
  readonly graph: { readonly kind: 'step'; readonly after: unknown }
}

/**
 * A call as a schedule stores it: checked as `enqueue` checks it, now; a promise only where the task's schema is asynchronous.
 * Throws `InvalidOptionError`, `InvalidInputError`, `NotSerializableError`, `PayloadTooLargeError`.
 */
export function scheduledCall(
  scope: { readonly routes: TaskRoutes; readonly flows: FlowOwner },
  name: string,
  callable: Callable,
): ScheduledCall | Promise<ScheduledCall> {
  const { link, graph } = (callable ?? {}) as Partial<Callable>
  const expected = 'a task of this app with its input: task.with({ … })'
  if (link === undefined || graph === undefined)
    throw new InvalidOptionError({ option: 'schedule.call', found: callable, expected })
  if (link.owner !== scope.flows) {
    throw new InvalidOptionError({ option: 'schedule.call', found: `${link.definition.name} of another app`, expected })
  }
  if (graph.after !== undefined) {
    const one = 'one task: let it enqueue the chain'
    throw new InvalidOptionError({ option: 'schedule.call', found: 'a chain', expected: one })
  }
  const route = scope.routes.of(link.definition)
  const json = encodeInput(route.rules, link.part)
  return typeof json === 'string' ? callOf(route, name, json) : json.then((text) => callOf(route, name, text))
}

function callOf({ definition, lanes, plain }: TaskRoute, name: string, inputJson: string): ScheduledCall {
  // All ids of a schedule's jobs belong to one lane, whatever the tick.
  const lane = lanes[laneOfJobId(scheduledJobId(name, 0), lanes.length)] as Lane
  const { extras, attrs } = plain
  return {
    task: definition.name,
    lane,
    inputJson,
    ...(extras !== undefined && { extras }),
    ...(attrs !== undefined && { attrs }),
  }
}

import { MillraceError } from '@millrace/core'
import type { Ended, Group } from './flow.js'
import { asGroup, GroupNode } from './flow-node.js'

type GivensOf<T extends readonly Ended<unknown, unknown>[]> = {
  -readonly [K in keyof T]: T[K] extends Ended<infer Given, unknown> ? Given : never
}
type OutputsOf<T extends readonly Ended<unknown, unknown>[]> = {
  -readonly [K in keyof T]: T[K] extends Ended<unknown, infer Output> ? Output : never
}

/**
 * Flows that run beside each other. `enqueue()` alone resolves with all handles; `pipe(body)` runs the body once, when all
 * members have succeeded, over the list of their outputs (of an empty group: at once, over `[]`).
 */
export function group<const T extends readonly Ended<unknown, unknown>[]>(
  members: T,
): Group<GivensOf<T>, OutputsOf<T>> {
  const steps = members.map((member) => {
    if (member?.graph?.kind === 'step') return member.graph
    throw new MillraceError(
      'MISFIT_LINK',
      'The members of a group are calls and chains, task.with(input); a group cannot be one.',
    )
  })
  return asGroup(new GroupNode(steps))
}

import type { Collected, Fits, Merged } from './fit.js'
import type { Ended, Flow, Group, Step } from './flow.js'
import { asFlow, type FlowNode } from './flow-node.js'
import { group } from './group.js'

/** `group(members).pipe(body)` as a function. */
export function chord<Givens, Outputs extends readonly unknown[], Input, S, Given, Output>(
  members: Group<Givens, Outputs>,
  body: Step<Input, S, Given, Output> & Fits<Merged<Collected<Givens>, S>, Input>,
): Flow<Given, Output>
export function chord<const T extends readonly Ended<unknown, unknown>[], Input, S, Given, Output>(
  members: T,
  body: Step<Input, S, Given, Output> & Fits<Merged<Collected<GivensOf<T>>, S>, Input>,
): Flow<Given, Output>
export function chord(
  members: { readonly graph?: unknown } | readonly Ended<unknown, unknown>[],
  body: unknown,
): unknown {
  const flow = (Array.isArray(members) ? group(members) : members) as unknown as FlowNode
  return asFlow(flow.pipe(body))
}

type GivensOf<T extends readonly Ended<unknown, unknown>[]> = {
  -readonly [K in keyof T]: T[K] extends Ended<infer Given, unknown> ? Given : never
}

import type { Fits, Merged } from './fit.js'
import type { Flow, Step, Upstream } from './flow.js'
import { asFlow, type FlowNode } from './flow-node.js'

type AnyStep = Step<unknown, unknown, unknown, unknown>

/** Each step as it is, or, where it does not take what the one before gives, a type that it has not. */
type Checked<Upper, T extends readonly unknown[]> = T extends readonly [infer Head, ...infer Rest]
  ? Head extends Step<infer Input, infer S, infer Given, unknown>
    ? [Head & Fits<Merged<Upper, S>, Input>, ...Checked<Given, Rest>]
    : never
  : []

type Last<T extends readonly unknown[]> = T extends readonly [...unknown[], infer L] ? L : never

/** `first.pipe(second).pipe(third)` as a function: the first with its whole input, or a group; then tasks or `task.with(part)`. */
export function chain<Given, T extends readonly [AnyStep, ...AnyStep[]]>(
  first: Upstream<Given>,
  ...steps: T & Checked<Given, T>
): Last<T> extends Step<unknown, unknown, infer G, infer O> ? Flow<G, O> : never {
  let flow = first as unknown as FlowNode
  for (const step of steps) flow = flow.pipe(step)
  return asFlow(flow) as Last<T> extends Step<unknown, unknown, infer G, infer O> ? Flow<G, O> : never
}

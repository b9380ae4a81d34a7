import type { Task } from '@millrace/client'
import type { TaskContext } from '@millrace/core'
import type { GivenByCallers, HandedOn, ReadBack } from './task-input.js'

/** A public method that could be a task: of an input and a context, at most. */
type Candidate = (input: never, ctx: TaskContext) => unknown

/**
 * A registered instance as its callers see it: a task per decorated method. The compiler cannot see which methods are decorated, so
 * other public methods of the same form stand here too; touching one of these throws `InvalidOptionError`.
 */
export type Registered<T> = {
  readonly [K in keyof T as T[K] extends Candidate ? K : never]: T[K] extends (...args: infer A) => infer R
    ? Task<CallerInput<A>, MethodInput<A>, HandedOn<R>, ReadBack<R>>
    : never
}

type CallerInput<A extends readonly unknown[]> = A extends readonly [] ? undefined : GivenByCallers<A[0]>
type MethodInput<A extends readonly unknown[]> = A extends readonly [] ? undefined : A[0]

/** `unknown`, or for a class a type that it has not: `register` takes instances. */
export type NoClass<T> = T extends abstract new (
  ...args: never[]
) => unknown
  ? { readonly 'register takes an instance': never }
  : unknown

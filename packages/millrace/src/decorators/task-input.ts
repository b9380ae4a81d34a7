import type { InferInput, InferOutput, ReturnedJson } from '@millrace/client'
import type { RetryRequest, Schema } from '@millrace/core'

/** Carried by a type only: which schema a value was parsed by, or is for. */
interface Mark<S> {
  readonly '~schema'?: S
}

/**
 * What a task method receives: the parsed input, where the type also remembers what callers give. `z.output<typeof S>` does as well, as
 * long as the schema gives what it takes.
 */
export type TaskInput<S extends Schema> = InferOutput<S> & Mark<S>

/** What a task method returns, where the type also remembers what `result()` gives. For output schemas that transform. */
export type TaskOutput<S extends Schema> = InferInput<S> & Mark<S>

export type IsMarked<T> = '~schema' extends keyof T ? true : false

/** What callers of a method give. */
export type GivenByCallers<P> = unknown extends P
  ? unknown
  : P extends { readonly '~schema'?: infer S }
    ? '~schema' extends keyof P
      ? NonNullable<S> extends Schema
        ? InferInput<NonNullable<S>>
        : P
      : P
    : P

type Returned<R> = Exclude<Awaited<R>, RetryRequest>

/** What a method hands to the next link of a workflow. */
export type HandedOn<R> = IsMarked<Returned<R>> extends true ? Unmarked<Returned<R>, 'given'> : ReturnedJson<R>

/** What `result()` gives. */
export type ReadBack<R> = IsMarked<Returned<R>> extends true ? Unmarked<Returned<R>, 'read'> : ReturnedJson<R>

type Unmarked<T, Side extends 'given' | 'read'> = T extends { readonly '~schema'?: infer S }
  ? NonNullable<S> extends Schema
    ? Side extends 'given'
      ? InferInput<NonNullable<S>>
      : InferOutput<NonNullable<S>>
    : never
  : never

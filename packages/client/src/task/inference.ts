import type { RetryRequest, Schema } from '@millrace/core'
import type { Jsonify } from './jsonify.js'

/** What a schema takes. */
export type InferInput<S extends Schema> = NonNullable<S['~standard']['types']>['input']
/** What a schema gives. */
export type InferOutput<S extends Schema> = NonNullable<S['~standard']['types']>['output']

/** What callers of a task give; `unknown` without an input schema. */
export type InputOf<S extends Schema | undefined> = S extends Schema ? InferInput<S> : unknown
/** What its handler receives. */
export type ParsedOf<S extends Schema | undefined> = S extends Schema ? InferOutput<S> : unknown
/** What its handler returns; `unknown` without an output schema. */
export type GivenOf<S extends Schema | undefined> = S extends Schema ? InferInput<S> : unknown
/** What `result()` gives. */
export type ResultOf<S extends Schema | undefined> = S extends Schema ? InferOutput<S> : unknown

/** The result of a handler without an output schema: what JSON makes of the value it settles with. */
export type ReturnedJson<R> = Jsonify<Exclude<Awaited<R>, RetryRequest>>

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { InputIssue } from '../errors/input-errors.js'
import { pathText } from './path-text.js'

/** Any Standard Schema: zod, valibot, arktype, … */
export type Schema = StandardSchemaV1

export type Validation =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly InputIssue[] }

/**
 * Runs a schema over a value: at once where the schema is synchronous, else as a promise. What the schema throws itself
 * passes through.
 */
export function validate(schema: Schema, value: unknown): Validation | Promise<Validation> {
  const result = schema['~standard'].validate(value)
  return isPromise(result) ? result.then(toValidation) : toValidation(result)
}

function toValidation(result: StandardSchemaV1.Result<unknown>): Validation {
  if (result.issues === undefined) return { ok: true, value: result.value }
  return { ok: false, issues: result.issues.map(toIssue) }
}

function toIssue(issue: StandardSchemaV1.Issue): InputIssue {
  const segments = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment))
  return { path: pathText(segments), message: issue.message }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown }).then === 'function'
}

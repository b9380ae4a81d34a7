import { type InputIssue, InvalidInputError, type Schema, toJson, type Validation, validate } from '@millrace/core'
import type { Codec } from '../ports/codec.js'

export interface InputRules {
  readonly task: string
  readonly schema: Schema | undefined
  readonly codec: Codec | undefined
  /** For `toJson`: named once, not per job. */
  readonly limits: { readonly what: string; readonly maxBytes: number; readonly allowUndefined: boolean }
}

/**
 * The input *as given*, as JSON text, once its schema has accepted it: a promise only where the schema is asynchronous.
 * Throws `InvalidInputError`, `NotSerializableError`, `PayloadTooLargeError`.
 */
export function encodeInput(rules: InputRules, input: unknown): string | Promise<string> {
  const { schema } = rules
  if (schema === undefined) return inputJson(rules, input)
  const result = validate(schema, input)
  if ('then' in result) return result.then((settled) => accepted(rules, settled, input))
  return accepted(rules, result, input)
}

/** As `encodeInput`, without the schema: for the static part of an input that is completed later. */
export function inputJson(rules: InputRules, input: unknown): string {
  const json = toJson(input, rules.limits)
  return rules.codec === undefined ? json : toJson(rules.codec.encode(json), rules.limits)
}

function accepted(rules: InputRules, result: Validation, input: unknown): string {
  if (!result.ok) throw new InvalidInputError({ task: rules.task, issues: result.issues as readonly InputIssue[] })
  return inputJson(rules, input)
}

import type { InputComposition } from '../message/job-message.js'

/** The input of a job that waited for others, or why it cannot be built. */
export type ComposedInput =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly message: string }

/**
 * Builds the input of a composed job from its static part and the outputs of its upstream jobs (parsed JSON, in order).
 * One output: as it is, or `{ ...output, ...part }`. Outputs of a group: their list, or `{ ...part, results }`.
 */
export function composeInput(composition: InputComposition, part: unknown, outputs: readonly unknown[]): ComposedInput {
  const upstream = composition.from === 'output' ? outputs[0] : outputs
  if (!composition.merge) return { ok: true, input: upstream }
  if (!isRecord(part))
    return { ok: false, message: `the static part must be an object to be merged, found ${nameOf(part)}` }
  if (composition.from === 'outputs') return { ok: true, input: { ...part, results: outputs } }
  if (!isRecord(upstream)) {
    return {
      ok: false,
      message: `the previous output must be an object to be merged with the static part, found ${nameOf(upstream)}`,
    }
  }
  return { ok: true, input: { ...upstream, ...part } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : typeof value
}

import { NotSerializableError, PayloadTooLargeError } from '../errors/input-errors.js'
import { explainRefusal } from './explain-refusal.js'
import { weigh } from './weigh.js'

export interface JsonLimits {
  /** What is being written, for the error: `input of mail.send`. */
  readonly what: string
  /** At most so many UTF-8 bytes of JSON. */
  readonly maxBytes: number
  /** Write `undefined` as `null` when it is the value itself. Default false: refused. */
  readonly allowUndefined?: boolean
}

/**
 * JSON text that reads back as the same value, or an error.
 *
 * Plain objects (own enumerable string keys; a property that is `undefined` is left out), arrays without holes, strings,
 * finite numbers (−0 is written as 0), booleans and null are written; everything else throws `NotSerializableError` with
 * its path. Larger than `maxBytes` or nested deeper than 200 throws `PayloadTooLargeError`.
 */
export function toJson(value: unknown, limits: JsonLimits): string {
  if (value === undefined && limits.allowUndefined === true) return 'null'
  let json: string | undefined
  let cause: unknown
  try {
    if (weigh(value, 1, limits.maxBytes) >= 0) json = JSON.stringify(value)
  } catch (error) {
    cause = error
  }
  if (json === undefined) throw refusal(value, limits, cause)
  // No UTF-16 unit takes more than 3 bytes, so most texts need no counting.
  if (json.length * 3 > limits.maxBytes) {
    const size = Buffer.byteLength(json)
    if (size > limits.maxBytes) throw new PayloadTooLargeError({ what: limits.what, size, limit: limits.maxBytes })
  }
  return json
}

/** The value's own getters and traps may throw while it is looked at again. */
function refusal(value: unknown, limits: JsonLimits, cause: unknown): Error {
  try {
    return explainRefusal(value, limits)
  } catch (error) {
    return new NotSerializableError({ path: '', found: 'a value that throws when read', cause: cause ?? error })
  }
}

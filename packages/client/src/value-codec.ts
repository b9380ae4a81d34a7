import { toJson } from '@millrace/core'
import type { Codec } from './ports/codec.js'

/** A codec between JSON values, as a worker uses it: a value becomes a string and comes back. */
export function valueCodec(codec: Codec, maxBytes: number) {
  const limits = { what: 'output', maxBytes, allowUndefined: true }
  return {
    name: codec.name,
    encode: (value: unknown): unknown => codec.encode(toJson(value, limits)),
    decode: (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(codec.decode(value)) : value),
  }
}

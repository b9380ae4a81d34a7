import { InvalidOptionError, PayloadTooLargeError } from '@millrace/core'

/** Headers are for a few words about a job, not for its payload. */
export const MAX_HEADER_BYTES = 16 * 1024

/** Returns the headers when they are an object of strings within 16 KiB; `undefined` where there are none. */
export function checkHeaders(headers: unknown): Readonly<Record<string, string>> | undefined {
  if (headers === undefined) return undefined
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new InvalidOptionError({ option: 'headers', found: headers, expected: 'an object of strings' })
  }
  let size = 0
  for (const [name, value] of Object.entries(headers as Record<string, unknown>)) {
    if (typeof value !== 'string') {
      throw new InvalidOptionError({ option: `headers.${name}`, found: value, expected: 'a string' })
    }
    if (!value.isWellFormed() || !name.isWellFormed()) {
      throw new InvalidOptionError({
        option: 'headers',
        found: name,
        expected: 'well-formed Unicode, without lone surrogates',
      })
    }
    size += Buffer.byteLength(name) + Buffer.byteLength(value)
  }
  if (size > MAX_HEADER_BYTES) throw new PayloadTooLargeError({ what: 'headers', size, limit: MAX_HEADER_BYTES })
  return size === 0 ? undefined : (headers as Record<string, string>)
}

import { InvalidNameError } from '../errors/input-errors.js'

const MAX_CHARACTERS = 200
const FORBIDDEN = /[\s\p{Cc}]/u

/**
 * Returns a caller's job id when it has 1 to 200 characters, no white space, no control characters and is well-formed
 * Unicode, else throws `InvalidNameError`.
 */
export function checkJobId(id: unknown): string {
  if (
    typeof id === 'string' &&
    id.length > 0 &&
    id.length <= MAX_CHARACTERS &&
    !FORBIDDEN.test(id) &&
    id.isWellFormed()
  ) {
    return id
  }
  throw new InvalidNameError({
    what: 'job id',
    name: id,
    rule: 'use a string of 1 to 200 characters without white space or control characters',
  })
}

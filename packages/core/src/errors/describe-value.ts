const MAX_CHARACTERS = 80
const MAX_BIGINT = 10n ** 40n

/** Shows any value in a few words, for error messages: bounded, credentials in addresses hidden, never throws. */
export function describeValue(value: unknown): string {
  try {
    return shorten(describe(value))
  } catch {
    return 'a value that throws when read'
  }
}

/** Hides user name and password of an address. */
export function hideCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//***@')
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(hideCredentials(value.length > 1_000 ? value.slice(0, 1_000) : value))
    case 'bigint':
      // Writing out a huge one takes quadratic time.
      return value < MAX_BIGINT && value > -MAX_BIGINT ? `the BigInt ${value}n` : 'a huge BigInt'
    case 'function':
      return 'a function'
    case 'object':
      return value === null ? 'null' : describeObject(value)
    default:
      return String(value)
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
  if (typeof name !== 'string' || name === '' || name === 'Object') return 'an object'
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
}

function shorten(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS).toWellFormed()}…` : text
}

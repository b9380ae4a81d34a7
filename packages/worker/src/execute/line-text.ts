import { format } from 'node:util'

/** UTF-16 units of one line. */
const MAX_LENGTH = 2_000

/** What was given to a method of a logger, as one text: the message, its fields as JSON behind it. Never throws. */
export function lineText(bindings: Readonly<Record<string, unknown>>, [first, ...rest]: readonly unknown[]): string {
  const plain = typeof first === 'string'
  const [message, ...values] = plain ? [first, ...rest] : rest
  const fields = plain ? bindings : { ...bindings, ...fieldsOf(first) }
  try {
    const said = message === undefined ? messageOf(first) : wordsOf(message, values)
    const json = Object.keys(fields).length === 0 ? '' : JSON.stringify(fields, plainly)
    return cut([said, json].filter((part) => part !== '').join(' '))
  } catch {
    return '[a line that cannot be written down]'
  }
}

/** Without values a message stands as it is, `%` included. */
function wordsOf(message: unknown, values: readonly unknown[]): string {
  return values.length > 0 ? format(message, ...values) : format('%s', message)
}

function fieldsOf(given: unknown): object {
  if (given instanceof Error) return { err: given }
  return typeof given === 'object' && given !== null ? given : {}
}

function messageOf(given: unknown): string {
  return given instanceof Error ? given.message : ''
}

function plainly(_key: string, value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return typeof value === 'bigint' ? String(value) : value
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`
}

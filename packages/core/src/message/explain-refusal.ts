import { describeValue } from '../errors/describe-value.js'
import { NotSerializableError, PayloadTooLargeError } from '../errors/input-errors.js'
import { pathText } from '../schema/path-text.js'
import { isPlainArray, isPlainObject, MAX_DEPTH, weigh } from './weigh.js'

/** Up to this size the exact figure is found out for the message; past it "at least" must do. */
const EXACT_UP_TO_BYTES = 16 * 1024 * 1024

/**
 * Why `weigh` refused a value: walks it again in the same order, now with the path and the ancestors at hand. Slow; only
 * for values that are refused.
 */
export function explainRefusal(
  value: unknown,
  limits: { readonly what: string; readonly maxBytes: number },
): NotSerializableError | PayloadTooLargeError {
  const walk: Walk = { what: limits.what, path: [], ancestors: [], left: limits.maxBytes }
  const fault = explain(value, walk)
  if (fault !== undefined) return fault
  return tooLarge(value, limits)
}

interface Walk {
  readonly what: string
  readonly path: PropertyKey[]
  readonly ancestors: object[]
  left: number
}

/** The first thing that is not JSON; `undefined` when all is, or when the room ran out before. */
function explain(value: unknown, walk: Walk): NotSerializableError | PayloadTooLargeError | undefined {
  if (typeof value === 'object' && value !== null) {
    const at = walk.ancestors.indexOf(value)
    if (at >= 0) {
      const target = pathText(walk.path.slice(0, at))
      return unfit(walk, `a reference back to ${target === '' ? 'the value itself' : target}`)
    }
    // One level is enough to refuse; a cycle further down is told first.
    if (walk.ancestors.length >= MAX_DEPTH) return explainDepth(value, walk)
    const found = unfitObject(value)
    if (found !== undefined) return unfit(walk, found)
    walk.left -= 1
    walk.ancestors.push(value)
    const fault = Array.isArray(value) ? explainItems(value, walk) : explainProperties(value, walk)
    walk.ancestors.pop()
    return fault
  }
  const found = unfitPrimitive(value)
  if (found !== undefined) return unfit(walk, found)
  walk.left -= typeof value === 'string' ? value.length + 2 : typeof value === 'number' ? 1 : 4
  return undefined
}

function explainItems(array: readonly unknown[], walk: Walk): ReturnType<typeof explain> {
  for (let index = 0; index < array.length && walk.left >= 0; index++) {
    walk.path.push(index)
    walk.left -= 1
    const fault = explain(array[index], walk)
    if (fault !== undefined) return fault
    walk.path.pop()
  }
  return undefined
}

function explainProperties(object: object, walk: Walk): ReturnType<typeof explain> {
  for (const key of Object.keys(object)) {
    if (walk.left < 0) return undefined
    walk.path.push(key)
    let value: unknown
    try {
      value = (object as Record<string, unknown>)[key]
    } catch {
      return unfit(walk, 'a getter that throws')
    }
    if (value !== undefined) {
      walk.left -= key.length + 3
      const fault = explain(value, walk)
      if (fault !== undefined) return fault
    }
    walk.path.pop()
  }
  return undefined
}

/** Nested too deep: a cycle, when what lies at the bottom leads back to an ancestor or to itself; else plain depth. */
function explainDepth(bottom: object, walk: Walk): NotSerializableError | PayloadTooLargeError {
  const ancestors = [...walk.ancestors]
  const path = [...walk.path]
  let value: object = bottom
  let depth = walk.ancestors.length + 1
  for (; depth < 100_000; depth++) {
    const at = ancestors.indexOf(value)
    if (at >= 0) {
      const target = pathText(path.slice(0, at))
      return new NotSerializableError({ path: pathText(path), found: `a reference back to ${target}` })
    }
    const next = firstNested(value)
    if (next === undefined) break
    // Only what may still be told as a short path is remembered.
    if (ancestors.length < 2 * MAX_DEPTH) {
      ancestors.push(value)
      path.push(next.key)
    }
    value = next.value
  }
  return new PayloadTooLargeError({ what: walk.what, size: depth, limit: MAX_DEPTH, unit: 'levels' })
}

function firstNested(object: object): { readonly key: PropertyKey; readonly value: object } | undefined {
  for (const key of Object.keys(object)) {
    const value = (object as Record<string, unknown>)[key]
    if (typeof value === 'object' && value !== null) return { key: Array.isArray(object) ? Number(key) : key, value }
  }
  return undefined
}

function unfitObject(object: object): string | undefined {
  if (object instanceof Date) return Number.isNaN(object.getTime()) ? 'an invalid Date' : 'a Date'
  if (Array.isArray(object))
    return isPlainArray(object) ? undefined : `an instance of ${describeValue(object.constructor.name)}`
  if (!isPlainObject(object)) return describeValue(object)
  if (Object.getOwnPropertySymbols(object).length > 0) return 'an object with a symbol as key'
  return undefined
}

function unfitPrimitive(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? undefined : String(value)
    case 'bigint':
      return 'a BigInt'
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'undefined':
      return 'undefined'
    default:
      return undefined
  }
}

function unfit(walk: Walk, found: string): NotSerializableError {
  return new NotSerializableError({ path: pathText(walk.path), found })
}

function tooLarge(
  value: unknown,
  limits: { readonly what: string; readonly maxBytes: number },
): PayloadTooLargeError | NotSerializableError {
  const { what, maxBytes } = limits
  if (weigh(value, 1, EXACT_UP_TO_BYTES) >= 0) {
    const size = Buffer.byteLength(JSON.stringify(value))
    if (size > maxBytes) return new PayloadTooLargeError({ what, size, limit: maxBytes })
    return new NotSerializableError({ path: '', found: 'a value that changes while it is read' })
  }
  return new PayloadTooLargeError({ what, size: maxBytes + 1, limit: maxBytes, atLeast: true })
}

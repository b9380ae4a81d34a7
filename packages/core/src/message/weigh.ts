/** How many arrays and objects may stand inside each other, the outermost included. */
export const MAX_DEPTH = 200

/** What `weigh` answers for a value that must not be written, whatever the reason. */
export const REFUSED = -1

const { getPrototypeOf, getOwnPropertySymbols, hasOwn, keys } = Object

/**
 * Walks a value and subtracts from `room` the fewest bytes its JSON can take. Answers the room left, or `REFUSED` when
 * something inside is not JSON, nested too deep (which ends a cycle, too), or larger than the room (which ends a small
 * graph that repeats its parts without end). Says nothing about why: `explainRefusal` walks again in the same order.
 */
export function weigh(value: unknown, depth: number, room: number): number {
  switch (typeof value) {
    case 'string':
      return room - value.length - 2
    case 'number':
      // Infinity - Infinity and NaN - NaN are NaN: one test for both.
      return value - value === 0 ? room - 1 : REFUSED
    case 'boolean':
      return room - 4
    case 'object':
      if (value === null) return room - 4
      if (depth > MAX_DEPTH) return REFUSED
      return Array.isArray(value) ? weighArray(value, depth, room) : weighObject(value, depth, room)
    default:
      return REFUSED
  }
}

function weighArray(array: readonly unknown[], depth: number, room: number): number {
  if (!isPlainArray(array)) return REFUSED
  let left = room - 1
  for (let index = 0; index < array.length; index++) {
    left = weigh(array[index], depth + 1, left - 1)
    if (left < 0) return REFUSED
  }
  return left
}

function weighObject(object: object, depth: number, room: number): number {
  if (!isPlainObject(object) || getOwnPropertySymbols(object).length > 0) return REFUSED
  let left = room - 1
  for (const key of keys(object)) {
    const value = (object as Record<string, unknown>)[key]
    if (value === undefined) continue
    left = weigh(value, depth + 1, left - key.length - 3)
    if (left < 0) return REFUSED
  }
  return left
}

/** An object literal's kind: no class of its own, or one of another realm's plain objects. */
export function isPlainObject(object: object): boolean {
  const prototype = getPrototypeOf(object)
  if (prototype === Object.prototype || prototype === null) return true
  return getPrototypeOf(prototype) === null && hasOwn(prototype, 'isPrototypeOf')
}

/** An array, not an instance of a class that extends it. */
export function isPlainArray(array: readonly unknown[]): boolean {
  const prototype = getPrototypeOf(array)
  return prototype === Array.prototype || (prototype !== null && hasOwn(prototype, 'concat'))
}

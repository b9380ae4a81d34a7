import { InvalidOptionError } from '../errors/input-errors.js'
import { closestName } from '../names/closest-name.js'

/**
 * Returns `value` when it is an object (no array, no function) whose own enumerable keys are all among `known`, else
 * throws `InvalidOptionError`, with the closest known key suggested. `what` names the whole, e.g. `createApp`.
 */
export function checkOptions(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidOptionError({ option: what, found: value, expected: 'an object with options' })
  }
  const options = value as Record<string, unknown>
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    throw new InvalidOptionError({
      option: `${what}.${key}`,
      found: options[key],
      expected: known.length === 0 ? 'none' : `one of ${known.join(', ')}`,
      suggestion: closestName(key, known),
      unknown: true,
    })
  }
  return options
}

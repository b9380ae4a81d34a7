import { InvalidOptionError } from '../errors/input-errors.js'

/** A number is milliseconds; a string has its unit: `'250ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'`, `'1.5h'`. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`

/** Ten years of 365 days, in ms: past it, a point in time was probably given as a duration. */
export const MAX_DURATION_MS = 315_360_000_000

const TEXT = /^(\d{1,15}(?:\.\d{1,15})?)(ms|s|m|h|d)$/
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * A duration in whole ms, 0 … `MAX_DURATION_MS`. `option` names the option in the error.
 * Throws `InvalidOptionError` for anything else.
 */
export function parseDuration(value: Duration, option: string): number {
  const ms = typeof value === 'number' ? value : parseText(value)
  const rounded = Math.round(ms)
  // The comparison also refuses NaN. `+ 0` turns -0 into 0.
  if (ms >= 0 && rounded <= MAX_DURATION_MS) return rounded + 0
  throw new InvalidOptionError({
    option,
    found: value,
    expected:
      "a duration of 0 to 3,650 days: milliseconds as a number, or a string such as '250ms', '30s', '5m', '2h', '1d'",
  })
}

function parseText(value: unknown): number {
  const match = typeof value === 'string' ? TEXT.exec(value) : null
  if (match === null) return Number.NaN
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN)
}

import type { JobAttrs } from '@millrace/broker'
import { checkJobId, InvalidOptionError } from '@millrace/core'

const MAX_PRIORITY = 100
const MAX_UNIQUE_KEY_BYTES = 512
/** 100 years: further off is a mistake, and beyond what a Redis expiry can hold soon after. */
const MAX_MS = 100 * 365 * 86_400_000

/**
 * Refuses what a script could fail on after its first write: numbers that are none, an expiry of 0 ms, text that JSON cannot carry.
 * Errors: `InvalidOptionError`, `InvalidNameError`.
 */
export function checkAttrs(id: string, attrs: JobAttrs): void {
  const { priority = 0, delayMs, at, expiresMs, maxCrashes = 1, waitsFor = 1, unique, joins } = attrs
  checkJobId(id)
  check(
    'priority',
    priority,
    Number.isInteger(priority) && Math.abs(priority) <= MAX_PRIORITY,
    'an integer from -100 to 100',
  )
  check('maxCrashes', maxCrashes, Number.isSafeInteger(maxCrashes) && maxCrashes >= 1, 'an integer from 1')
  check('waitsFor', waitsFor, Number.isSafeInteger(waitsFor) && waitsFor >= 1, 'an integer from 1')
  for (const [option, ms] of Object.entries({ delayMs, expiresMs })) {
    check(option, ms, ms === undefined || (ms >= 0 && ms <= MAX_MS), 'milliseconds from 0, at most 100 years')
  }
  check(
    'at',
    at,
    at === undefined || (at >= 0 && at <= Date.now() + MAX_MS),
    'ms since the epoch, at most 100 years ahead',
  )
  check('delayMs', delayMs, delayMs === undefined || at === undefined, 'at most one of delayMs and at')
  if (unique !== undefined) {
    const { key, forMs } = unique
    const bytes = Buffer.byteLength(key)
    check(
      'unique.key',
      key,
      bytes > 0 && bytes <= MAX_UNIQUE_KEY_BYTES && key.isWellFormed(),
      `well-formed text of 1 to ${MAX_UNIQUE_KEY_BYTES} bytes`,
    )
    check(
      'unique.forMs',
      forMs,
      forMs === undefined || (forMs >= 0 && forMs <= MAX_MS),
      'milliseconds from 0, at most 100 years',
    )
  }
  if (joins !== undefined) {
    checkJobId(joins.id)
    check('joins.index', joins.index, Number.isSafeInteger(joins.index) && joins.index >= 0, 'an integer from 0')
  }
}

function check(option: string, found: unknown, fine: boolean, expected: string): void {
  if (!fine) throw new InvalidOptionError({ option, found, expected })
}

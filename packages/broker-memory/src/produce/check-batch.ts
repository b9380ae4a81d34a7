import type { NewJob } from '@millrace/broker'
import { checkJobId, InvalidOptionError, MAX_BATCH_BYTES, MAX_BATCH_JOBS, PayloadTooLargeError } from '@millrace/core'

const MAX_PRIORITY = 100
const MAX_UNIQUE_KEY_BYTES = 512

/** Checks all jobs of a call before anything is written. */
export function checkBatch(jobs: readonly NewJob[]): void {
  if (jobs.length > MAX_BATCH_JOBS) {
    throw new InvalidOptionError({
      option: 'jobs',
      found: jobs.length,
      expected: `at most ${MAX_BATCH_JOBS} jobs a call`,
    })
  }
  let bytes = 0
  for (const job of jobs) {
    checkJobId(job.id)
    bytes += Buffer.byteLength(job.message)
    if (job.attrs !== undefined) checkAttrs(job.attrs)
  }
  if (bytes > MAX_BATCH_BYTES) {
    throw new PayloadTooLargeError({ what: 'the messages of one call', size: bytes, limit: MAX_BATCH_BYTES })
  }
}

function checkAttrs(attrs: NonNullable<NewJob['attrs']>): void {
  const { priority = 0, delayMs, at, expiresMs, maxCrashes = 1, waitsFor = 1, unique, joins } = attrs
  check(
    'priority',
    priority,
    Number.isInteger(priority) && Math.abs(priority) <= MAX_PRIORITY,
    'an integer from -100 to 100',
  )
  check('maxCrashes', maxCrashes, Number.isInteger(maxCrashes) && maxCrashes >= 1, 'an integer from 1')
  check('waitsFor', waitsFor, Number.isInteger(waitsFor) && waitsFor >= 1, 'an integer from 1')
  for (const [option, ms] of Object.entries({ delayMs, at, expiresMs, forMs: unique?.forMs })) {
    check(option, ms, ms === undefined || (Number.isFinite(ms) && ms >= 0), 'milliseconds from 0')
  }
  check('delayMs', delayMs, delayMs === undefined || at === undefined, 'at most one of delayMs and at')
  if (unique !== undefined) {
    const bytes = Buffer.byteLength(unique.key)
    check('unique.key', unique.key, bytes > 0 && bytes <= MAX_UNIQUE_KEY_BYTES, `1 to ${MAX_UNIQUE_KEY_BYTES} bytes`)
  }
  if (joins !== undefined)
    check('joins.index', joins.index, Number.isInteger(joins.index) && joins.index >= 0, 'an integer from 0')
}

function check(option: string, found: unknown, fine: boolean, expected: string): void {
  if (!fine) throw new InvalidOptionError({ option, found, expected })
}

import { createHash } from 'node:crypto'
import type { FailureRecord } from '@millrace/core'

const MAX_CHARACTERS = 300

/** Parts of a message that differ from job to job: quoted texts, ids, addresses, numbers. */
const VARYING = /"[^"]*"|'[^']*'|`[^`]*`|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\d+/gi

/**
 * Names a kind of failure: the same for jobs of a task that failed alike, whatever numbers, ids and quoted texts their messages
 * hold. 12 hexadecimal digits.
 */
export function fingerprintOf(
  task: string | null,
  failure: Pick<FailureRecord, 'name' | 'message' | 'reason'>,
): string {
  const message = failure.message.slice(0, MAX_CHARACTERS).replace(VARYING, '#')
  const text = [task ?? '', failure.reason, failure.name, message].join('\n')
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

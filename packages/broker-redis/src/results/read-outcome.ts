import type { StoredOutcome } from '@millrace/broker'
import type { FailureRecord } from '@millrace/core'

/** An outcome as lua/finish.lua writes it: a letter, then the output (S), or attempts, a blank and the failure record (F). */
export function readOutcome(text: string): StoredOutcome {
  const body = text.slice(1)
  switch (text[0]) {
    case 'S':
      return { state: 'succeeded', outputJson: body === '' ? undefined : body }
    case 'F': {
      const blank = body.indexOf(' ')
      return { state: 'failed', attempts: Number(body.slice(0, blank)), failure: readFailure(body.slice(blank + 1)) }
    }
    case 'C':
      return { state: 'cancelled' }
    default:
      return { state: 'expired' }
  }
}

function readFailure(text: string): FailureRecord {
  try {
    return JSON.parse(text) as FailureRecord
  } catch {
    return {
      name: 'Error',
      message: 'The failure record of this job cannot be read.',
      reason: 'error',
      attempt: 0,
      at: 0,
    }
  }
}

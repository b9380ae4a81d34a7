import type { Operation } from '@millrace/dashboard/contract'
import { countText, plural } from '../format/figure-text.js'

const NAMES: Readonly<Record<Operation['action'], string>> = {
  retry: 'Retry',
  cancel: 'Cancel',
  discard: 'Discard',
  promote: 'Run now',
  postpone: 'Postpone',
  purge: 'Purge',
}

export function nameOperation(action: Operation['action']): string {
  return NAMES[action]
}

/** How far it is, or what came of it: one sentence. */
export function describeOperation(operation: Operation): string {
  const { state, matched, handled, changed, skipped, complete, message } = operation
  const left = skipped === 0 ? '' : ` ${plural(skipped, 'job')} had moved on.`
  switch (state) {
    case 'running':
      return matched === null
        ? `${plural(changed, 'job')} so far.`
        : `${countText(handled)} of ${plural(matched, 'job')}.`
    case 'done':
      return `Done: ${plural(changed, 'job')}.${left}${complete ? '' : ' More match: start it again for the rest.'}`
    case 'stopped':
      return `Stopped after ${plural(changed, 'job')}. What is done stays done.`
    case 'failed':
      return `It failed after ${plural(changed, 'job')}: ${message ?? 'no reason given.'}`
  }
}

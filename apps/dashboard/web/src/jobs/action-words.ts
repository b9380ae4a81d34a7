import type { JobAction } from '@millrace/dashboard/contract'
import type { IconName } from '../design/icon.js'

/** How a page says it: a retrying job is retried now, not promoted. */
export const ACTION_WORDS: Readonly<Record<JobAction, { readonly name: string; readonly icon: IconName }>> = {
  retry: { name: 'Retry', icon: 'retries' },
  promote: { name: 'Run now', icon: 'play' },
  postpone: { name: 'Postpone', icon: 'clock' },
  cancel: { name: 'Cancel', icon: 'close' },
  discard: { name: 'Discard', icon: 'trash' },
}

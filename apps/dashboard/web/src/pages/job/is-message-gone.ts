import type { JobDetail } from '@millrace/dashboard/contract'

/** Of a job that has ended well, was cancelled or expired, the store keeps its end at most: the rest reads as nothing, and is not known. */
export function isMessageGone({ enqueuedAt, malformed }: Pick<JobDetail, 'enqueuedAt' | 'malformed'>): boolean {
  return enqueuedAt === null && !malformed
}

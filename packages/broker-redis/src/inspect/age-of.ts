import { readMessage } from '@millrace/core'

/** How long ago the job of this message was enqueued, ms; undefined for what is no message. */
export function ageOf(message: string): number | undefined {
  if (message === '') return undefined
  try {
    const enqueuedAt = readMessage(JSON.parse(message))?.enqueuedAt
    return enqueuedAt === undefined ? undefined : Math.max(0, Date.now() - enqueuedAt)
  } catch {
    return undefined
  }
}

import { readMessage } from '@millrace/core'
import type { LaneStore } from '../store/lane-store.js'
import { parseWire } from '../store/stored-job.js'

/** How long the job at the head of `ready` has waited, ms. */
export function readyAge(store: LaneStore): number | undefined {
  const job = store.ready.first
  if (job === undefined) return undefined
  const message = readMessage(parseWire(job.message))
  return message === undefined ? undefined : Math.max(0, store.now() - message.enqueuedAt)
}

import type { NewJob } from '@millrace/broker'
import { MAX_BATCH_BYTES, MAX_BATCH_JOBS } from '@millrace/core'
import { jobWeight } from './job-weight.js'

/** Jobs that travel together in one broker call: within the bounds of a batch. */
export interface Shipment {
  readonly jobs: readonly NewJob[]
  /** An upper bound of their bytes. */
  readonly bytes: number
}

/** Splits jobs, in order, into as few shipments as the bounds of a batch allow. */
export function packShipments(jobs: readonly NewJob[]): Shipment[] {
  const shipments: Shipment[] = []
  let from = 0
  let bytes = 0
  for (let i = 0; i < jobs.length; i++) {
    const weight = jobWeight(jobs[i] as NewJob)
    if (i > from && (i - from === MAX_BATCH_JOBS || bytes + weight > MAX_BATCH_BYTES)) {
      shipments.push({ jobs: jobs.slice(from, i), bytes })
      from = i
      bytes = 0
    }
    bytes += weight
  }
  if (from === 0) return jobs.length === 0 ? [] : [{ jobs, bytes }]
  shipments.push({ jobs: jobs.slice(from), bytes })
  return shipments
}

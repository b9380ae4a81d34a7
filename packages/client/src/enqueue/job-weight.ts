import type { NewJob } from '@millrace/broker'

/** Below this many UTF-16 units a message is weighed by its upper bound: 1,000 of them stay well under a batch's bytes. */
const SHORT = 256

/** An upper bound of a job's bytes on the wire: exact for long messages, three bytes a unit for short ones. */
export function jobWeight(job: NewJob): number {
  const units = job.message.length
  return job.id.length * 3 + (units < SHORT ? units * 3 : Buffer.byteLength(job.message))
}

import { expireJob } from '../store/end-job.js'
import type { LaneStore } from '../store/lane-store.js'

const STEP_JOBS = 500

/** One bounded step: what is due becomes ready, or expired. */
export function promoteDue(lane: LaneStore): { readonly promoted: number; readonly more: boolean } {
  const now = lane.now()
  let promoted = 0
  for (let moved = 0; moved < STEP_JOBS; moved++) {
    const job = lane.due.first
    if (job?.dueAt === undefined || job.dueAt > now) return { promoted, more: false }
    if (job.expired(now)) expireJob(lane, job)
    else {
      lane.lift(job)
      lane.putReady(job, 'back')
      promoted += 1
    }
  }
  return { promoted, more: true }
}

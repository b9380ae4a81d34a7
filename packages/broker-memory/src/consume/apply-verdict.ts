import type { Verdict } from '@millrace/core'
import { cancelJob, endJob, failJob, record } from '../store/end-job.js'
import type { LaneStore } from '../store/lane-store.js'
import type { StoredJob } from '../store/stored-job.js'

/**
 * What a verdict means for the job. Returns true when the job is to go back to the front: the caller does that for all
 * of one call together, so that they keep their order.
 */
export function applyVerdict(lane: LaneStore, job: StoredJob, verdict: Verdict): boolean {
  switch (verdict.kind) {
    case 'succeed':
      endJob(lane, job, { state: 'succeeded', outputJson: verdict.outputJson }, verdict.keepMs)
      return false
    case 'fail':
      job.attemptsUsed += 1
      failJob(lane, job, verdict.failure, verdict.keepMs)
      return false
    case 'cancel':
      cancelJob(lane, job)
      return false
    case 'retry':
      if (job.cancelAsked) {
        cancelJob(lane, job)
        return false
      }
      job.attemptsUsed += 1
      lane.totals.retried += 1
      record(job, verdict.failure)
      lane.lift(job)
      if (verdict.delayMs > 0) lane.putDue(job, lane.now() + verdict.delayMs)
      else lane.putReady(job, 'back')
      return false
    case 'release':
      if (job.cancelAsked) {
        cancelJob(lane, job)
        return false
      }
      lane.lift(job)
      if (verdict.delayMs > 0) lane.putDue(job, lane.now() + verdict.delayMs)
      return verdict.delayMs <= 0
  }
}

/** Puts running jobs back to the front, uncounted, in their order; those for which cancel was asked are cancelled. */
export function putBack(lane: LaneStore, jobs: readonly StoredJob[]): void {
  const back = jobs.filter((job) => {
    if (job.cancelAsked) cancelJob(lane, job)
    else lane.lift(job)
    return job.place === 'running' && lane.jobs.has(job.id)
  })
  toFront(lane, back)
}

/** Jobs that were lifted already. */
export function toFront(lane: LaneStore, jobs: readonly StoredJob[]): void {
  for (const job of jobs.toReversed()) lane.putReady(job, 'front')
}

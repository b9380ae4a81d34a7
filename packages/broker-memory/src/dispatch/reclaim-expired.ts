import { type CrashedJob, MAX_CRASHED_TOLD } from '@millrace/broker'
import { cancelJob, failJob, failureByStore } from '../store/end-job.js'
import { type LaneStore, leaseEnd } from '../store/lane-store.js'
import type { StoredJob } from '../store/stored-job.js'

const STEP_JOBS = 500

export interface ReclaimStep {
  readonly reclaimed: number
  readonly poisoned: number
  readonly crashed: readonly CrashedJob[]
  readonly more: boolean
}

/** One bounded step over the seats whose lease has ended. */
export function reclaimExpired(lane: LaneStore): ReclaimStep {
  const now = lane.now()
  for (const seat of lane.seats.values()) {
    if (seat.held.size === 0 || leaseEnd(seat) > now) continue
    lane.seats.delete(seat.incarnation)
    lane.dying.push(seat)
  }
  const step = { reclaimed: 0, poisoned: 0 }
  const crashed: CrashedJob[] = []
  while (lane.dying.length > 0 && step.reclaimed < STEP_JOBS) {
    const [seat] = lane.dying
    const jobs = seat?.held.oldest(STEP_JOBS - step.reclaimed) ?? []
    for (const job of jobs) {
      const before = job.crashes
      if (reclaim(lane, job)) step.poisoned += 1
      if (job.crashes > before && crashed.length < MAX_CRASHED_TOLD) {
        crashed.push({ id: job.id, crashes: job.crashes, failed: job.place === 'failed' })
      }
    }
    step.reclaimed += jobs.length
    if (seat?.held.size === 0) lane.dying.shift()
  }
  return { ...step, crashed, more: lane.dying.length > 0 }
}

/** Counts the crash, to a job that crashed before only if it had begun, and puts the job where it belongs; true when it was poison. */
function reclaim(lane: LaneStore, job: StoredJob): boolean {
  if (job.cancelAsked) {
    cancelJob(lane, job)
    return false
  }
  lane.lift(job)
  if (job.crashes > 0 && !job.begun) {
    lane.putReady(job, 'back')
    return false
  }
  lane.totals.crashed += 1
  job.crashes += 1
  // Lifted and put nowhere yet: ending it lifts once more, which finds nothing.
  if (job.atMostOnce) {
    failJob(lane, job, failureByStore(lane, job, 'lease-lost', 'The worker lost its lease; the job runs at most once.'))
    return false
  }
  if (job.crashes >= job.maxCrashes) {
    failJob(lane, job, failureByStore(lane, job, 'poison', `The job crashed its worker ${job.crashes} times.`))
    return true
  }
  lane.putReady(job, 'back')
  return false
}

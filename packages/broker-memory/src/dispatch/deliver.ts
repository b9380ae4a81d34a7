import type { AppStore } from '../store/app-store.js'
import { failJob, failureByStore } from '../store/end-job.js'
import type { Delivery, LaneStore } from '../store/lane-store.js'

const STEP_ENTRIES = 500

/** One bounded step: hands outbox entries to the jobs that wait for them. */
export function drainOutbox(app: AppStore, lane: LaneStore): { readonly delivered: number; readonly more: boolean } {
  const entries = lane.outbox.splice(0, STEP_ENTRIES)
  for (const entry of entries) deliver(app.lane(entry.target.lane), entry)
  return { delivered: entries.length, more: lane.outbox.length > 0 }
}

/** Inputs are kept by index, so a second delivery changes nothing. */
function deliver(lane: LaneStore, { target, from, result }: Delivery): void {
  const job = lane.jobs.get(target.id)
  if (job?.place !== 'parked') return
  if (!result.ok) {
    failJob(lane, job, failureByStore(lane, job, 'upstream-failed', `The upstream job ${from} ended ${result.state}.`))
    return
  }
  if (!job.inputs.has(target.index)) job.inputs.set(target.index, result.outputJson)
  if (job.inputs.size < job.waitsFor) return
  const { dueAt } = job
  lane.lift(job)
  if (dueAt !== undefined && dueAt > lane.now()) lane.putDue(job, dueAt)
  else {
    job.dueAt = undefined
    lane.putReady(job, 'back')
  }
}

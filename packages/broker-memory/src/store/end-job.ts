import type { StoredOutcome } from '@millrace/broker'
import type { FailureRecord } from '@millrace/core'
import type { LaneStore } from './lane-store.js'
import type { StoredJob } from './stored-job.js'

const NAMED_IDS_REMEMBERED_MS = 24 * 60 * 60 * 1_000
const OUTCOME_FOR_WAITERS_MS = 60_000
const HISTORY_BYTES = 16 * 1024

/** Every terminal transition: frees the unique key, remembers the name, tells waiters and joins. */
export function endJob(lane: LaneStore, job: StoredJob, outcome: StoredOutcome, keepMs = 0): void {
  lane.lift(job)
  forgetCancel(lane, job)
  lane.freeUnique(job)
  const now = lane.now()
  if (job.named) lane.seen.set(job.id, now + NAMED_IDS_REMEMBERED_MS)
  if (outcome.state === 'failed') {
    job.place = 'failed'
    job.failedAt = now
    lane.failed.add(job)
    lane.totals.failed += 1
  } else {
    lane.jobs.delete(job.id)
    if (outcome.state === 'succeeded') lane.totals.succeeded += 1
  }
  tellWaiters(lane, job.id, outcome, keepMs)
  tellJoins(lane, job, outcome)
}

function tellWaiters(lane: LaneStore, id: string, outcome: StoredOutcome, keepMs: number): void {
  const waiters = lane.waiters.get(id)
  const keep = Math.max(keepMs, waiters === undefined ? 0 : OUTCOME_FOR_WAITERS_MS)
  if (keep > 0) lane.outcomes.set(id, { outcome, until: lane.now() + keep })
  lane.waiters.delete(id)
  for (const waiter of waiters ?? []) waiter.ended(outcome)
}

function tellJoins(lane: LaneStore, job: StoredJob, outcome: StoredOutcome): void {
  if (job.joins === undefined) return
  const result =
    outcome.state === 'succeeded'
      ? { ok: true as const, outputJson: outcome.outputJson ?? 'null' }
      : { ok: false as const, state: outcome.state }
  lane.outbox.push({ target: job.joins, from: job.id, result })
  lane.alarm.ring()
}

/** Into the failed set, with the reason as the last entry of its history. */
export function failJob(lane: LaneStore, job: StoredJob, failure: FailureRecord, keepMs = 0): void {
  record(job, failure)
  endJob(lane, job, { state: 'failed', failure, attempts: job.attemptsUsed }, keepMs)
}

export function cancelJob(lane: LaneStore, job: StoredJob): void {
  endJob(lane, job, { state: 'cancelled' })
}

export function expireJob(lane: LaneStore, job: StoredJob): void {
  endJob(lane, job, { state: 'expired' })
}

export function forgetCancel(lane: LaneStore, job: StoredJob): void {
  job.cancelAsked = false
  lane.cancelAsked.delete(job.id)
}

/** Appends to the history; the oldest entries give way to the bound. */
export function record(job: StoredJob, failure: FailureRecord): void {
  const history = [...job.history, failure]
  while (history.length > 1 && Buffer.byteLength(JSON.stringify(history)) > HISTORY_BYTES) history.shift()
  job.history = history
}

/** A failure that the store itself found: nobody ran the job to tell of it. */
export function failureByStore(
  lane: LaneStore,
  job: StoredJob,
  reason: 'poison' | 'lease-lost' | 'upstream-failed',
  message: string,
): FailureRecord {
  const names = { poison: 'PoisonJob', 'lease-lost': 'LeaseLost', 'upstream-failed': 'UpstreamFailed' }
  return { name: names[reason], message, reason, attempt: job.attemptsUsed, at: lane.now() }
}

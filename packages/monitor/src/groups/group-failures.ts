import type { FailureRecord } from '@millrace/core'
import type { JobSummary } from '../job-view.js'
import { fingerprintOf } from '../search/fingerprint.js'

/** Jobs of one task that failed alike. */
export interface FailureGroup {
  readonly task: string
  readonly fingerprint: string
  readonly count: number
  /** The latest. */
  readonly failure: FailureRecord
  /** Of the last failures of its jobs, ms since the epoch. */
  readonly firstAt: number
  readonly lastAt: number
  readonly queues: readonly string[]
  /** The earliest next attempt; null where none is planned. */
  readonly nextDueAt: number | null
  /** Most attempts that any of them has used. */
  readonly attemptsUsed: number
}

/** By task and fingerprint, the largest first. A job without a failure, or without a task, is in no group. */
export function groupFailures(jobs: readonly JobSummary[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  for (const job of jobs) {
    if (job.task === null || job.lastFailure === null) continue
    const fingerprint = fingerprintOf(job.task, job.lastFailure)
    const known = groups.get(fingerprint)
    groups.set(
      fingerprint,
      known === undefined ? begin(job.task, fingerprint, job, job.lastFailure) : add(known, job, job.lastFailure),
    )
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
}

function begin(task: string, fingerprint: string, job: JobSummary, failure: FailureRecord): FailureGroup {
  const { at } = failure
  const { attemptsUsed, dueAt, queue } = job
  return {
    task,
    fingerprint,
    count: 1,
    failure,
    firstAt: at,
    lastAt: at,
    queues: [queue],
    nextDueAt: dueAt,
    attemptsUsed,
  }
}

function add(group: FailureGroup, job: JobSummary, failure: FailureRecord): FailureGroup {
  const dues = [group.nextDueAt, job.dueAt].filter((at) => at !== null)
  return {
    ...group,
    count: group.count + 1,
    failure: failure.at >= group.lastAt ? failure : group.failure,
    firstAt: Math.min(group.firstAt, failure.at),
    lastAt: Math.max(group.lastAt, failure.at),
    queues: group.queues.includes(job.queue) ? group.queues : [...group.queues, job.queue],
    nextDueAt: dues.length === 0 ? null : Math.min(...dues),
    attemptsUsed: Math.max(group.attemptsUsed, job.attemptsUsed),
  }
}

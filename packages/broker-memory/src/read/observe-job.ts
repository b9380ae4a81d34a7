import type { JobView } from '@millrace/broker'
import type { JobState } from '@millrace/core'
import type { LaneStore } from '../store/lane-store.js'
import { parseWire, type StoredJob } from '../store/stored-job.js'

export function stateOf(job: StoredJob): JobState {
  switch (job.place) {
    case 'ready':
    case 'suspect':
    case 'lone':
      return 'ready'
    case 'due':
      return job.started ? 'retrying' : 'scheduled'
    case 'parked':
      return 'scheduled'
    case 'running':
      return 'running'
    case 'failed':
      return 'failed'
  }
}

export function viewOf(lane: LaneStore, job: StoredJob): JobView {
  return {
    ref: { lane: lane.lane, id: job.id },
    state: stateOf(job),
    wire: parseWire(job.message),
    attemptsUsed: job.attemptsUsed,
    crashes: job.crashes,
    history: job.history,
    dueAt: job.place === 'due' ? job.dueAt : undefined,
    failedAt: job.failedAt,
    cancelAsked: job.cancelAsked,
    priority: job.priority,
    joins: job.joins === undefined ? undefined : { lane: job.joins.lane, id: job.joins.id },
    waitsFor: job.waitsFor === 0 ? undefined : job.waitsFor,
  }
}

/** What is left of a job that lives no more. */
export function viewOfGone(lane: LaneStore, id: string): JobView {
  return {
    ref: { lane: lane.lane, id },
    state: lane.keptOutcome(id)?.state ?? 'unknown',
    wire: undefined,
    attemptsUsed: 0,
    crashes: 0,
    history: [],
    dueAt: undefined,
    failedAt: undefined,
    cancelAsked: false,
    priority: 0,
    joins: undefined,
    waitsFor: undefined,
  }
}

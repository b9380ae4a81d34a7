import type { EnqueueAnswer, Lane, NewJob, ProducerPort } from '@millrace/broker'
import type { Connection } from '../connection.js'
import type { LaneStore } from '../store/lane-store.js'
import { StoredJob } from '../store/stored-job.js'
import { checkBatch } from './check-batch.js'

export class MemoryProducer implements ProducerPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async enqueue(lane: Lane, jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[]> {
    const store = this.#connection.lane(lane)
    checkBatch(jobs)
    this.#connection.store().register(store)
    return jobs.map((job) => accept(store, job))
  }
}

function accept(lane: LaneStore, job: NewJob): EnqueueAnswer {
  const unique = job.attrs?.unique
  // A living id is a duplicate even unnamed: one id cannot stand for two jobs.
  if (lane.jobs.has(job.id) || (job.attrs?.named && lane.remembers(job.id))) return { kind: 'duplicate' }
  const now = lane.now()
  if (unique !== undefined) {
    const holder = lane.uniqueHolder(unique.key)
    if (holder !== undefined) return { kind: 'conflict', holder }
    lane.unique.set(unique.key, { holder: job.id, until: now + (unique.forMs ?? Number.POSITIVE_INFINITY) })
  }
  lane.sequence += 1
  const stored = new StoredJob(job, lane.sequence, now)
  lane.jobs.set(stored.id, stored)
  // A new life: how the last one ended is not this one's outcome.
  lane.outcomes.delete(stored.id)
  if (stored.waitsFor > 0) lane.putParked(stored)
  else if (stored.dueAt !== undefined && stored.dueAt > now) lane.putDue(stored, stored.dueAt)
  else {
    stored.dueAt = undefined
    lane.putReady(stored, 'back')
  }
  return { kind: 'accepted' }
}

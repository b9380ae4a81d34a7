import type { ExchangeRequest, Reservation } from '@millrace/broker'
import { MAX_BATCH_BYTES } from '@millrace/core'
import { expireJob } from '../store/end-job.js'
import type { SeatRecord } from '../store/held-jobs.js'
import type { JobList } from '../store/job-list.js'
import type { LaneStore } from '../store/lane-store.js'
import type { ReadyQueue } from '../store/ready-queue.js'
import { parseWire, type StoredJob } from '../store/stored-job.js'

export interface Taken {
  readonly reservations: readonly Reservation[]
  readonly drain: boolean
  readonly more: boolean
}

const NOTHING: Taken = { reservations: [], drain: false, more: false }

/** Hands out what fits. A job with one crash left goes alone, to a worker that runs nothing. */
export function takeJobs(lane: LaneStore, seat: SeatRecord, request: Pick<ExchangeRequest, 'want' | 'empty'>): Taken {
  if (lane.paused) return NOTHING
  // The death of a seat that has not lasted one lease says little of what it ran: see ADR 0004.
  if (request.want > 0 && lane.now() - seat.joinedAt >= seat.leaseMs) {
    const lone = next(lane, lane.lone)
    if (lone !== undefined && request.empty && seat.held.size === 0) {
      lane.drainer = undefined
      return {
        reservations: [reserve(lane, lone, { seat, token: nextToken(lane), alone: true })],
        drain: false,
        more: false,
      }
    }
    if (lone !== undefined && mustDrain(lane, seat)) return { ...NOTHING, drain: true }
  }
  const reservations = fill(lane, seat, request.want)
  const more = next(lane, lane.ready) !== undefined || (lane.suspects.size > 0 && seat.held.suspects === 0)
  return { reservations, drain: false, more }
}

function fill(lane: LaneStore, seat: SeatRecord, want: number): Reservation[] {
  const reservations: Reservation[] = []
  let token = ''
  let bytes = 0
  while (reservations.length < want) {
    // One suspect a seat: if it kills its worker, no other suspect is blamed.
    const suspect = seat.held.suspects === 0 ? next(lane, lane.suspects) : undefined
    const job = suspect ?? next(lane, lane.ready)
    if (job === undefined) break
    bytes += Buffer.byteLength(job.message)
    if (bytes > MAX_BATCH_BYTES && reservations.length > 0) break
    if (token === '') token = nextToken(lane)
    reservations.push(reserve(lane, job, { seat, token, alone: false }))
  }
  return reservations
}

/** The first job that has not expired; those before it are ended. */
function next(lane: LaneStore, list: JobList | ReadyQueue): StoredJob | undefined {
  const now = lane.now()
  for (;;) {
    const job = list.first
    if (job === undefined || !job.expired(now)) return job
    expireJob(lane, job)
  }
}

function reserve(
  lane: LaneStore,
  job: StoredJob,
  by: { readonly seat: SeatRecord; readonly token: string; readonly alone: boolean },
): Reservation {
  lane.lift(job)
  lane.putRunning(job, by.seat, by.token)
  if (job.unique?.until === 'started') lane.freeUnique(job)
  return {
    id: job.id,
    lane: lane.lane,
    token: by.token,
    wire: parseWire(job.message),
    attemptsUsed: job.attemptsUsed,
    crashes: job.crashes,
    alone: by.alone,
    composed: job.waitsFor > 0,
    feeds: job.joins !== undefined,
    atMostOnce: job.atMostOnce,
  }
}

/** Tokens grow even over a restart of the process, as they do over a failover in a shared store. */
function nextToken(lane: LaneStore): string {
  const byTime = BigInt(Math.floor(lane.now() * 1_000))
  lane.lastToken = lane.lastToken + 1n > byTime ? lane.lastToken + 1n : byTime
  return lane.lastToken.toString()
}

/** One seat at a time is asked to run empty: asking all would stop the lane for one job. */
function mustDrain(lane: LaneStore, seat: SeatRecord): boolean {
  const now = lane.now()
  const { drainer } = lane
  if (
    drainer !== undefined &&
    drainer.incarnation !== seat.incarnation &&
    drainer.until > now &&
    lane.seats.has(drainer.incarnation)
  ) {
    return false
  }
  lane.drainer = { incarnation: seat.incarnation, until: now + seat.leaseMs }
  return true
}

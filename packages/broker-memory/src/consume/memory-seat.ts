import type {
  ExchangeReply,
  ExchangeRequest,
  HeartbeatReply,
  Lane,
  Reservation,
  ReservationReport,
  Seat,
  Settlement,
} from '@millrace/broker'
import { InvalidOptionError, LeaseLostError, MAX_BATCH_JOBS } from '@millrace/core'
import type { Connection } from '../connection.js'
import type { SeatRecord } from '../store/held-jobs.js'
import type { LaneStore } from '../store/lane-store.js'
import type { StoredJob } from '../store/stored-job.js'
import { applyVerdict, putBack, toFront } from './apply-verdict.js'
import { takeJobs } from './take-jobs.js'

const MAX_CANCELLED_TOLD = 1_000

export class MemorySeat implements Seat {
  readonly lane: Lane
  readonly incarnation: string
  readonly leaseMs: number
  readonly #connection: Connection

  constructor(connection: Connection, lane: Lane, record: SeatRecord) {
    this.#connection = connection
    this.lane = lane
    this.incarnation = record.incarnation
    this.leaseMs = record.leaseMs
  }

  async exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    const { settlements, want } = request
    if (settlements.length > MAX_BATCH_JOBS) {
      throw new InvalidOptionError({
        option: 'settlements',
        found: settlements.length,
        expected: `at most ${MAX_BATCH_JOBS}`,
      })
    }
    await this.#connection.turn()
    const { store, seat } = this.#touch()
    const lost = this.#settle(store, settlements)
    store.book.count(store.now(), request.tally ?? [])
    const taken = takeJobs(store, seat, { want: Math.min(want, MAX_BATCH_JOBS), empty: request.empty })
    if (taken.more) store.wake.ring()
    return { lost, cancelled: cancelAsked(store), paused: store.paused, ...taken }
  }

  async heartbeat(): Promise<HeartbeatReply> {
    const { store, seat } = this.#touch()
    return { cancelled: cancelAsked(store), tokens: seat.held.tokens }
  }

  async reconcile(tokens: readonly string[]): Promise<{ readonly putBack: number }> {
    const { store, seat } = this.#touch()
    const strays = seat.held.except(new Set(tokens))
    // The worker never knew of them: they did not start.
    for (const job of strays) if (job.attemptsUsed === 0 && job.crashes === 0) job.started = false
    putBack(store, strays)
    return { putBack: strays.length }
  }

  async inputs(reservation: Reservation): Promise<readonly string[]> {
    const { store } = this.#touch()
    const job = this.#held(store, reservation)
    if (job === undefined) throw new LeaseLostError({ lane: store.name, incarnation: this.incarnation })
    return [...job.inputs].sort(([a], [b]) => a - b).map(([, outputJson]) => outputJson)
  }

  async begin(reservation: Reservation): Promise<boolean> {
    const { store } = this.#touch()
    const job = this.#held(store, reservation)
    if (job === undefined) return false
    job.begun = true
    return true
  }

  async progress(reservation: Reservation, valueJson: string): Promise<boolean> {
    const { store } = this.#touch()
    const job = this.#held(store, reservation)
    if (job === undefined) return false
    for (const waiter of store.waiters.get(job.id) ?? []) waiter.progress?.(valueJson)
    return true
  }

  async report(updates: readonly ReservationReport[]): Promise<readonly boolean[]> {
    const { store } = this.#touch()
    return updates.map(({ reservation, update }) => {
      const job = this.#held(store, reservation)
      if (job !== undefined) store.reports.write({ id: job.id, token: reservation.token, now: store.now() }, update)
      return job !== undefined
    })
  }

  async leave(): Promise<void> {
    const store = this.#connection.lane(this.lane)
    const seat = store.seats.get(this.incarnation)
    if (seat === undefined) return
    putBack(store, seat.held.except(new Set()))
    store.seats.delete(this.incarnation)
  }

  /** Extends the lease. */
  #touch(): { readonly store: LaneStore; readonly seat: SeatRecord } {
    const store = this.#connection.lane(this.lane)
    const seat = store.seats.get(this.incarnation)
    if (seat === undefined) throw new LeaseLostError({ lane: store.name, incarnation: this.incarnation })
    seat.leaseFrom = store.now()
    seat.spared = false
    return { store, seat }
  }

  #settle(store: LaneStore, settlements: readonly Settlement[]): Settlement[] {
    const lost: Settlement[] = []
    const released: StoredJob[] = []
    for (const settlement of settlements) {
      const job = this.#held(store, settlement.reservation)
      if (job === undefined) lost.push(settlement)
      else if (applyVerdict(store, job, settlement.verdict)) released.push(job)
    }
    toFront(store, released)
    return lost
  }

  /** The job, if this seat holds it under just this token. */
  #held(store: LaneStore, reservation: Reservation): StoredJob | undefined {
    const job = store.jobs.get(reservation.id)
    const mine = job?.holder?.incarnation === this.incarnation && job.holder.token === reservation.token
    return mine ? job : undefined
  }
}

function cancelAsked(store: LaneStore): string[] {
  return [...store.cancelAsked].slice(0, MAX_CANCELLED_TOLD)
}

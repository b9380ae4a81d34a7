import type { DispatchPort, Epoch, Lane, LaneAgenda, LeaderInfo } from '@millrace/broker'
import { StaleEpochError } from '@millrace/core'
import type { Connection } from '../connection.js'
import { waitForBell } from '../store/bell.js'
import { type LaneStore, leaseEnd } from '../store/lane-store.js'
import { drainOutbox } from './deliver.js'
import { promoteDue } from './promote-due.js'
import { reclaimExpired } from './reclaim-expired.js'
import { trimLane } from './trim-lane.js'

const ALARM_LOOK_MS = 5_000
const MAX_PAST_TERMS = 100

export class MemoryDispatch implements DispatchPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async lanes(): Promise<readonly Lane[]> {
    return this.#connection.store().lanes()
  }

  async readEpoch(): Promise<Epoch> {
    return this.#connection.store().epoch
  }

  async mintEpoch(seen: Epoch, leader: LeaderInfo): Promise<Epoch> {
    const app = this.#connection.store()
    if (app.epoch !== seen) throw new StaleEpochError({ epoch: seen, seen: app.epoch })
    const now = app.clock.now()
    app.epoch = Math.max(seen + 1, Math.floor(now))
    if (app.leader !== undefined) app.pastTerms = [app.leader, ...app.pastTerms].slice(0, MAX_PAST_TERMS)
    const { candidate, host, pid } = leader
    app.leader = { candidate, host, pid, epoch: app.epoch, since: now, endedAt: undefined }
    return app.epoch
  }

  async endTerm(epoch: Epoch): Promise<void> {
    const app = this.#connection.store()
    if (app.leader?.epoch === epoch) app.leader = { ...app.leader, endedAt: app.clock.now() }
  }

  async promoteDue(lane: Lane, epoch: Epoch) {
    return promoteDue(this.#fenced(lane, epoch))
  }

  async reclaimExpired(lane: Lane, epoch: Epoch) {
    return reclaimExpired(this.#fenced(lane, epoch))
  }

  async drainOutbox(lane: Lane, epoch: Epoch) {
    return drainOutbox(this.#connection.store(), this.#fenced(lane, epoch))
  }

  async trim(lane: Lane, epoch: Epoch) {
    return trimLane(this.#fenced(lane, epoch))
  }

  async agenda(lane: Lane, epoch: Epoch): Promise<LaneAgenda> {
    const store = this.#fenced(lane, epoch)
    const ends = [...store.seats.values(), ...store.dying].filter((seat) => seat.held.size > 0).map(leaseEnd)
    const dueAt = store.due.first?.dueAt
    const sweepAt = ends.length === 0 ? undefined : Math.min(...ends)
    store.plannedDueAt = dueAt ?? Number.POSITIVE_INFINITY
    store.plannedSweepAt = sweepAt ?? Number.POSITIVE_INFINITY
    return { now: store.now(), dueAt, sweepAt, outbox: store.outbox.length }
  }

  async waitForAlarm(lanes: readonly Lane[], signal: AbortSignal): Promise<void> {
    const bells = lanes.map((lane) => this.#connection.lane(lane).alarm)
    await this.#connection.turn()
    await waitForBell([...bells, this.#connection.store().newLane], ALARM_LOOK_MS, [signal, this.#connection.closed])
  }

  #fenced(lane: Lane, epoch: Epoch): LaneStore {
    const store = this.#connection.lane(lane)
    if (epoch < store.epoch) throw new StaleEpochError({ epoch, seen: store.epoch })
    store.epoch = epoch
    return store
  }
}

import { type ExchangeReply, type Lane, laneName, type Reservation, type Seat, type Settlement } from '@millrace/broker'
import { BrokerUnavailableError, crashPoint, LeaseLostError } from '@millrace/core'
import type { Hold } from '../hold.js'
import { call } from './bounded-call.js'
import type { DeskSetup } from './desk-setup.js'
import { LAST_RESORT_MS, LaneSeat } from './lane-seat.js'
import type { Claim } from './share.js'

/** The worker in one lane: takes a seat, exchanges, comes back as a new incarnation when the seat is lost. */
export class LaneDesk implements Claim {
  hold: Hold | undefined
  maybe = true
  /** Grows with each hint that there may be work: an answer from before the hint does not cancel it. */
  hints = 0
  /** The last answer was all that was asked for: there is more where it came from. */
  busy = false
  /** Jobs handed out so far, divided by the weight: whose turn it is. */
  served = 0
  /** A wake was taken for this lane and no exchange has answered it. */
  owesAnswer = false
  /** The lane may hand a job over at any time. */
  atDoor = false
  readonly rank: number
  readonly weight: number
  readonly lane: Lane
  readonly name: string
  #closed = false
  #retiring = false
  readonly #seat: LaneSeat

  constructor(private readonly setup: DeskSetup<LaneDesk>) {
    this.lane = setup.lane
    this.name = laneName(setup.lane)
    this.rank = setup.rank
    this.weight = setup.weight
    const { name } = this
    this.#seat = new LaneSeat(
      { ...setup, name },
      {
        wanted: () => !this.#closed && !this.#retiring && this.hold === undefined,
        joined: (seat, sentAt) => this.#joined(seat, sentAt),
        fenced: (hold, error) => this.fenced(hold, error),
        health: (error) => setup.hooks.health(this, error),
        changed: () => setup.hooks.changed(),
      },
    )
  }

  get taken(): number {
    return this.hold === undefined ? 0 : this.hold.active + this.hold.asked
  }

  /** Exchanges that may be sent now. */
  get sendable(): number {
    const hold = this.hold
    if (hold === undefined || this.#seat.resting || this.#closed) return 0
    return hold.strays || hold.endedAhead > 0 ? 0 : 2 - hold.inFlight
  }

  hint(): void {
    this.maybe = true
    this.hints += 1
  }

  /** Takes a seat, again and again until it has one. */
  join(): void {
    this.#seat.join()
  }

  /** Puts back what the broker believes to be held here and this process never got. No exchange is sent meanwhile. */
  reconcile(hold: Hold): void {
    this.#seat.reconcile(hold)
  }

  exchange(want: number, empty = false): void {
    const hold = this.hold
    if (hold === undefined) return
    hold.reports.flush()
    const settlements = hold.box.take()
    const tally = hold.tally.take()
    const { hints } = this
    const sentAt = this.setup.clock.monotonic()
    this.owesAnswer = false
    this.atDoor = false
    hold.inFlight += 1
    hold.exchangedAt = sentAt
    hold.asked += want
    let open = true
    const close = () => {
      if (!open) return false
      open = false
      hold.inFlight -= 1
      hold.asked -= want
      return true
    }
    // A driver that never answers must not hold the lane for ever.
    const never = () => {
      if (open)
        this.give(hold, new BrokerUnavailableError({ what: `exchange with ${this.name} (never answered)` }), false)
    }
    // In two steps: after a handler that blocked the thread the answer may be there already, unread.
    let lastResort = this.setup.timers.after(this.#seat.callOptions.timeoutMs + LAST_RESORT_MS, () => {
      lastResort = this.setup.timers.after(500, never)
    })
    const request = tally === undefined ? { settlements, want, empty } : { settlements, want, empty, tally }
    call(() => hold.seat.exchange(request, this.#seat.callOptions)).then(
      (reply) => {
        if (settlements.length > 0) crashPoint('settled')
        if (reply.reservations.length > 0) crashPoint('reserved')
        lastResort.cancel()
        if (close()) this.#answered(hold, { reply, settlements, want, empty, hints, sentAt })
      },
      (error: unknown) => {
        lastResort.cancel()
        if (close()) this.#failed(hold, settlements, error)
      },
    )
  }

  /** The broker refuses this incarnation: its verdicts with it. */
  fenced(hold: Hold, error: LeaseLostError): void {
    this.give(hold, error, true)
    this.#refuseAll(hold)
  }

  /** The hold is over: by the broker's word (`fenced`), or because this process can no longer be sure of it. */
  give(hold: Hold, reason: unknown, fenced: boolean): void {
    if (hold.lost) return
    hold.lost = true
    if (this.hold === hold) this.hold = undefined
    const level = hold.holding ? 'warn' : 'debug'
    this.setup.logger[level](
      { lane: this.name, incarnation: hold.seat.incarnation, held: hold.tokens.jobs, err: reason },
      'the lease of a lane is over',
    )
    this.setup.onEvent?.({ kind: 'lease-lost', lane: this.name, incarnation: hold.seat.incarnation })
    this.setup.hooks.lost(this, hold, fenced)
    this.hint()
    if (!this.#retiring) this.join()
  }

  /** The worker stops: what is held is still settled, but a seat that is lost is not replaced. */
  retire(): void {
    this.#retiring = true
  }

  /** No more calls by itself; whoever drains leaves the seat. */
  close(): void {
    this.#closed = true
    this.#seat.close()
  }

  #joined(seat: Seat, sentAt: number): void {
    const hold = this.setup.openHold(seat, sentAt)
    this.hold = hold
    this.atDoor = false
    seat.receive?.((reservations) => this.#handed(hold, reservations))
    this.setup.onEvent?.({ kind: 'joined', lane: this.name, incarnation: seat.incarnation })
    this.setup.hooks.joined(this, hold)
    this.setup.hooks.changed()
  }

  #answered(hold: Hold, answer: Answer): void {
    const { reply, settlements } = answer
    const { hooks, clock } = this.setup
    hold.box.acknowledged(settlements)
    hold.tokens.settled(settlements)
    if (settlements.length > 0) hooks.settled(settlements)
    if (reply.lost.length > 0)
      hooks.refused(
        hold,
        reply.lost.map((settlement) => settlement.reservation),
      )
    // Jobs that arrive for a seat that was given up are put back when it is left.
    if (hold.lost) return
    this.#seat.healthy()
    hold.deadline.renewed(answer.sentAt)
    hold.tokens.taken(reply.reservations)
    if (hold.holding && hold.deadline.passed(clock.monotonic())) {
      this.give(hold, new LeaseLostError({ lane: this.name, incarnation: hold.seat.incarnation }), false)
      return
    }
    hold.exchangedAt = clock.monotonic()
    this.atDoor = reply.atDoor === true
    const fruitful = reply.more || (answer.want > 0 && reply.reservations.length >= answer.want)
    if (fruitful || answer.want > 0) this.busy = fruitful
    if (reply.paused) this.maybe = false
    else if (fruitful) this.maybe = true
    else if (answer.want > 0 && answer.hints === this.hints) this.maybe = false
    hooks.answered(this, hold, answer)
    if (hold.strays && hold.inFlight === 0) this.reconcile(hold)
  }

  /** Jobs that came over the door. Those of a seat that was given up are put back when it is left. */
  #handed(hold: Hold, reservations: readonly Reservation[]): void {
    this.atDoor = false
    if (hold.lost) return
    hold.tokens.taken(reservations)
    hold.exchangedAt = this.setup.clock.monotonic()
    if (hold.deadline.passed(hold.exchangedAt)) {
      this.give(hold, new LeaseLostError({ lane: this.name, incarnation: hold.seat.incarnation }), false)
      return
    }
    this.setup.hooks.handed(this, hold, reservations)
  }

  #failed(hold: Hold, settlements: readonly Settlement[], error: unknown): void {
    hold.box.returned(settlements)
    if (error instanceof LeaseLostError) {
      this.fenced(hold, error)
      return
    }
    // What fails after the stop is nobody's trouble any more.
    if (hold.lost || this.#closed) return
    this.setup.hooks.health(this, error)
    // Only a call that surely did nothing leaves no jobs behind that never arrived.
    if (!(error instanceof BrokerUnavailableError)) hold.strays = true
    this.#seat.rest(() => {
      if (hold.strays && hold.inFlight === 0) this.reconcile(hold)
    })
  }

  #refuseAll(hold: Hold): void {
    for (let batch = hold.box.take(); batch.length > 0; batch = hold.box.take()) {
      hold.box.acknowledged(batch)
      this.setup.hooks.refused(
        hold,
        batch.map((settlement) => settlement.reservation),
      )
    }
  }
}

interface Answer {
  readonly reply: ExchangeReply
  readonly settlements: readonly Settlement[]
  readonly want: number
  readonly empty: boolean
  readonly hints: number
  readonly sentAt: number
}

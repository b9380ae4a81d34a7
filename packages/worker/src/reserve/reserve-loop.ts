import { type ConsumerPort, type ExchangeReply, type Lane, laneName } from '@millrace/broker'
import { type Clock, MAX_BATCH_JOBS } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { TimerSource } from '../timer-source.js'
import { AloneGate } from './alone-gate.js'
import type { LaneDesk } from './lane-desk.js'
import { type Rivalry, rivalryOf, shareOf } from './share.js'
import { WakeWatch } from './wake-watch.js'

/** What the loop must know of what runs. */
export interface RunnerView {
  readonly running: number
  readonly waiting: number
  readonly concurrency: number
  /** A job that must run alone is here. */
  readonly aloneHere: boolean
  readonly pace: { ahead(concurrency: number): number }
}

/**
 * Decides when each lane exchanges and how much it asks for. Settling never waits for reserving: what is done travels with
 * the next exchange, at once when none is in flight.
 *
 * While a lane has more than the worker can run, two exchanges alternate, each asking for half: the store works while
 * Node does. A lane that had nothing is asked again when it wakes, or after 5 s without a word.
 */
export class ReserveLoop {
  /** False: what is held is finished and settled, nothing new is reserved. */
  #reserving = true
  #stopped = false
  #pumpAsked = false
  #watchAsked = false
  readonly #gate = new AloneGate()
  readonly #watch: WakeWatch

  constructor(
    private readonly desks: readonly LaneDesk[],
    private readonly runner: RunnerView,
    private readonly setting: {
      readonly strict: boolean
      readonly consumer: ConsumerPort
      readonly timers: TimerSource
      readonly clock: Clock
    },
  ) {
    this.#watch = new WakeWatch(setting.consumer, setting, (lanes, hinted) => this.#woken(lanes, hinted))
  }

  get reserving(): boolean {
    return this.#reserving
  }

  setReserving(reserving: boolean): void {
    this.#reserving = reserving
    if (reserving) for (const desk of this.desks) desk.hint()
    this.pumpSoon()
  }

  stop(): void {
    this.#stopped = true
    this.#reserving = false
    this.#watch.stop()
  }

  /** Looks at all lanes once this turn is over: what ended in it travels together, and at once. */
  pumpSoon(): void {
    if (this.#pumpAsked || this.#stopped) return
    this.#pumpAsked = true
    this.setting.timers.next(() => {
      this.#pumpAsked = false
      this.#pump()
    })
  }

  answered(desk: LaneDesk, answer: { reply: ExchangeReply; empty: boolean }): void {
    const { length } = answer.reply.reservations
    if (length > 0) this.#watch.fruitful()
    desk.served += length / desk.weight
    if (answer.empty) this.#gate.served(desk)
    // A worker that was empty and is told to empty itself would turn in circles.
    else if (answer.reply.drain) this.#gate.ask(desk)
    this.pumpSoon()
  }

  handed(desk: LaneDesk, jobs: number): void {
    desk.served += jobs / desk.weight
    this.pumpSoon()
  }

  /** A call failed; what it was for is tried again. */
  failed(desk: LaneDesk): void {
    this.#gate.unanswered(desk)
  }

  lost(desk: LaneDesk): void {
    this.#gate.served(desk)
    this.pumpSoon()
  }

  #woken(lanes: readonly Lane[], hinted: boolean): void {
    const names = new Set(lanes.map(laneName))
    for (const desk of this.desks) {
      if (!names.has(desk.name)) continue
      this.#catchUp(desk)
      desk.hint()
      // Whoever took a wake answers with an exchange, even if it can take nothing: the store wakes the next worker then.
      if (hinted) desk.owesAnswer = true
    }
    this.pumpSoon()
  }

  #pump(): void {
    if (this.#stopped) return
    const round = this.#newRound()
    for (const desk of this.#inTurn()) this.#serve(desk, round)
    if (this.#gate.closed && this.#reserving) this.#serveAlone()
    this.#watchSoon()
  }

  get #mayReserve(): boolean {
    return this.#reserving && !this.#gate.closed && !this.runner.aloneHere
  }

  #newRound(): Round {
    const { runner, desks } = this
    const slots = this.#mayReserve ? runner.concurrency + runner.pace.ahead(runner.concurrency) : 0
    let free = slots - runner.running - runner.waiting
    for (const desk of desks) if (desk.hold !== undefined) free -= desk.hold.asked
    return { slots, bulk: Math.max(1, Math.min(MAX_BATCH_JOBS, slots >> 2)), rivalry: rivalryOf(desks), free }
  }

  #serve(desk: LaneDesk, round: Round): void {
    for (let sendable = desk.sendable; sendable > 0; sendable -= 1) {
      const hold = desk.hold as Hold
      const { ready } = hold.box
      const want = this.#want(desk, round)
      const look = desk.maybe && want > 0
      if (ready === 0 && !look && !(desk.owesAnswer && hold.inFlight === 0)) return
      // A second exchange is worth its price only when it carries much.
      if (hold.inFlight > 0 && ready < round.bulk && !(look && want >= round.bulk)) return
      round.free -= want
      desk.exchange(want)
    }
  }

  #want(desk: LaneDesk, { slots, bulk, rivalry, free }: Round): number {
    if (slots === 0 || free <= 0) return 0
    const share = shareOf(desk, rivalry, { slots, strict: this.setting.strict })
    const hold = desk.hold as Hold
    // Busy lanes take half their share at a time, so that two exchanges alternate; one that is idle, or too small for that, takes all of it.
    const half = Math.ceil(share / 2)
    const most = half >= bulk && (desk.busy || hold.inFlight > 0) ? half : share
    return Math.max(0, Math.min(free, share - desk.taken, most, MAX_BATCH_JOBS))
  }

  /** Strict: in their order. Else who was served least for its weight comes first, so that even one slot goes round. */
  #inTurn(): readonly LaneDesk[] {
    if (this.desks.length === 1 || this.setting.strict) return this.desks
    return [...this.desks].sort((a, b) => a.served - b.served)
  }

  /** A lane that had nothing does not save up turns: it joins those that have work where they are. */
  #catchUp(desk: LaneDesk): void {
    if (desk.maybe) return
    let least = Number.POSITIVE_INFINITY
    for (const other of this.desks) if (other.maybe) least = Math.min(least, other.served)
    if (least !== Number.POSITIVE_INFINITY) desk.served = Math.max(desk.served, least)
  }

  #serveAlone(): void {
    const desk = this.#gate.next()
    if (desk === undefined || this.runner.running > 0 || this.runner.waiting > 0 || this.runner.aloneHere) return
    for (const other of this.desks) {
      if (other.hold !== undefined && (other.hold.inFlight > 0 || other.hold.box.unsettled > 0)) return
    }
    if (desk.sendable === 0) {
      if (desk.hold === undefined) this.#gate.served(desk)
      return
    }
    this.#gate.sent(desk)
    desk.exchange(1, true)
  }

  /** Once the exchanges of this turn are written: a verdict must not queue behind the wish for more work. */
  #watchSoon(): void {
    if (this.#watchAsked) return
    this.#watchAsked = true
    this.setting.timers.soon(() => {
      this.#watchAsked = false
      if (!this.#stopped) this.#watchIdle()
    })
  }

  /** Waits for work only while it could be taken: a wake that nobody answers would be lost to the others. */
  #watchIdle(): void {
    if (!this.#mayReserve || this.runner.running + this.runner.waiting >= this.runner.concurrency) {
      this.#watch.stop()
      // Nor may a lane hand its job to a worker that cannot run it: an exchange that wants nothing takes leave of the door.
      for (const desk of this.desks) if (desk.atDoor && desk.sendable > 0) desk.exchange(0)
      return
    }
    this.#watch.cover(this.desks.filter((desk) => !desk.maybe && desk.hold !== undefined).map((desk) => desk.lane))
  }
}

/** What one look at all lanes goes by. */
interface Round {
  /** Jobs that may be here at once, running or about to; 0: nothing is reserved. */
  readonly slots: number
  /** What makes a second exchange worth its price. */
  readonly bulk: number
  readonly rivalry: Rivalry
  /** Slots that nothing takes or has been asked for. */
  free: number
}

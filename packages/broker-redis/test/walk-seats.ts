import type { Broker, Lane, Reservation, Seat, Settlement } from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
import type { RedisReservation } from '../src/exchange/reservation.js'
import type { Dice } from './dice.js'
import type { WalkDoor } from './walk-door.js'
import { drawVerdict } from './walk-draw.js'
import type { WalkModel } from './walk-model.js'

/** A worker's seat in a lane, and what it believes to hold. */
export interface Sitting {
  readonly seat: Seat
  held: Reservation[]
  /** Hears what is handed to it at the door. */
  listens: boolean
}

export interface WalkSeatsParts {
  readonly broker: Broker
  readonly dice: Dice
  /** Seats stand at the door. */
  readonly doors: boolean
  readonly door: WalkDoor
  readonly model: WalkModel
  readonly log: string[]
  /** A number that nothing else of this walk has got. */
  readonly number: () => number
}

/** The workers of a walk: they come, take, settle, fall silent and leave, by the dice, and the model is told what they were told. */
export class WalkSeats {
  readonly #sittings: Sitting[] = []

  constructor(private readonly parts: WalkSeatsParts) {}

  in(lane: Lane): readonly Sitting[] {
    return this.#sittings.filter((one) => one.seat.lane === lane)
  }

  /** Those that hear what is handed over in this lane. */
  listeningIn(lane: Lane): readonly Seat[] {
    return this.in(lane).flatMap(({ seat, listens }) => (listens ? [seat] : []))
  }

  /** One that sits there, or one more. */
  async pick(lane: Lane): Promise<Sitting> {
    const { dice, broker, doors, door, number } = this.parts
    const mine = this.in(lane)
    if (mine.length > 0 && (mine.length > 2 || dice.chance(0.8))) return dice.pick(mine)
    const seat = await broker.consumer.join(lane, { id: `w${number()}`, leaseMs: dice.pick([500, 2_000, 20_000]) })
    const sitting: Sitting = { seat, held: [], listens: doors && dice.chance(0.7) }
    this.#sittings.push(sitting)
    if (sitting.listens) await door.listen(seat, (reservations) => this.#handed(sitting, reservations))
    return sitting
  }

  /** Brings some seat of the lane to its door, if it lets itself be brought. */
  async stand(lane: Lane): Promise<void> {
    const sitting = await this.pick(lane)
    for (let got = 1; got > 0 && this.#sittings.includes(sitting); )
      got = await this.settle(sitting, [], { want: 10, empty: this.parts.dice.chance(0.5) })
  }

  async exchange(lane: Lane): Promise<void> {
    const { dice } = this.parts
    const sitting = await this.pick(lane)
    const done = sitting.held.filter(() => dice.chance(0.6))
    const settlements = done.map((reservation) => ({ reservation, verdict: drawVerdict(reservation, dice) }))
    const want = dice.pick([0, 1, 2, 10])
    await this.settle(sitting, settlements, { want, empty: sitting.held.length === done.length && dice.chance(0.7) })
  }

  async settle(
    sitting: Sitting,
    settlements: readonly Settlement[],
    how: { want: number; empty: boolean },
  ): Promise<number> {
    this.parts.log.push(
      `exchange ${sitting.seat.incarnation} ${JSON.stringify(settlements.map(({ reservation, verdict }) => [reservation.id, verdict.kind]))} ${JSON.stringify(how)}`,
    )
    if (sitting.listens) for (const settlement of settlements) this.#ahead(sitting.seat, settlement)
    const reply = await this.#fenced(sitting, () => sitting.seat.exchange({ settlements, ...how }))
    if (reply === undefined) return 0
    this.parts.log.push(
      `  → ${reply.reservations.map(({ id }) => id).join(' ')}${reply.lost.length > 0 ? ` lost ${reply.lost.length}` : ''}${reply.drain ? ' drain' : ''}`,
    )
    const refused = new Set(reply.lost.map(({ reservation }) => reservation))
    for (const settlement of settlements) {
      if (!refused.has(settlement.reservation)) this.parts.model.settled(settlement)
      else if (!this.parts.model.mayBeLost(settlement.reservation))
        this.parts.model.wrong(`${settlement.reservation.id} was lost for no reason`)
    }
    sitting.held = sitting.held.filter((held) => !settlements.some(({ reservation }) => reservation === held))
    for (const reservation of reply.reservations) {
      sitting.held.push(reservation)
      this.parts.model.handedOut(reservation, reservation.composed ? await sitting.seat.inputs(reservation) : undefined)
    }
    return reply.reservations.length
  }

  /** What a seat holds and never heard of is put back, as its heartbeats would have it; then all that it holds succeeds. */
  async finish(sitting: Sitting): Promise<boolean> {
    await this.#fenced(sitting, () => this.#findMissed(sitting))
    const settlements = sitting.held.map(
      (reservation): Settlement => ({
        reservation,
        verdict: { kind: 'succeed', outputJson: '"out"', keepMs: 0 },
      }),
    )
    const got = await this.settle(sitting, settlements, { want: 10, empty: true })
    return settlements.length > 0 || got > 0
  }

  async leave(): Promise<void> {
    for (const { seat } of this.#sittings.splice(0)) await seat.leave()
  }

  /** One of the rarer calls of a worker. */
  async call(lane: Lane): Promise<void> {
    const { dice } = this.parts
    const sitting = await this.pick(lane)
    const verb = dice.pick(['heartbeat', 'begin', 'begin', 'reconcile', 'leave'] as const)
    this.parts.log.push(`${verb} ${sitting.seat.incarnation}`)
    if (verb === 'heartbeat') {
      await this.#fenced(sitting, () => sitting.seat.heartbeat())
    } else if (verb === 'begin') {
      const { held } = sitting
      const suspect = held.find(({ crashes }) => crashes > 0) ?? held[0]
      if (suspect !== undefined) await this.#fenced(sitting, () => sitting.seat.begin(suspect))
    } else if (verb === 'reconcile') {
      const known = [...new Set(sitting.held.map(({ token }) => token))].filter(() => dice.chance(0.7))
      for (const reservation of sitting.held)
        if (!known.includes(reservation.token)) this.parts.model.putBack(reservation)
      await this.#fenced(sitting, () => sitting.seat.reconcile(known))
    } else {
      for (const reservation of sitting.held) this.parts.model.putBack(reservation)
      await sitting.seat.leave()
      this.#sittings.splice(this.#sittings.indexOf(sitting), 1)
    }
  }

  /** Now and then a message is missed: the seat holds a job that nobody knows of. */
  #handed(sitting: Sitting, reservations: readonly Reservation[]): void {
    const missed = this.parts.dice.chance(0.2)
    this.parts.log.push(
      `  at the door of ${sitting.seat.incarnation}: ${reservations.map(({ id }) => id).join(' ')}${missed ? ' missed' : ''}`,
    )
    if (missed) return
    for (const reservation of reservations) {
      sitting.held.push(reservation)
      this.parts.model.handedOut(reservation, undefined)
    }
  }

  #ahead(seat: Seat, settlement: Settlement): void {
    const reservation = settlement.reservation as RedisReservation
    if (!reservation.awaited || this.parts.dice.chance(0.2)) return
    void seat.ahead?.(settlement)
    if (reservation.awaited) return
    this.parts.door.endedAhead++
    this.parts.log.push(`  ahead ${reservation.id}`)
  }

  async #fenced<T>(sitting: Sitting, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error
      this.parts.log.push(`  fenced ${sitting.seat.incarnation}`)
      this.#sittings.splice(this.#sittings.indexOf(sitting), 1)
      return undefined
    }
  }

  async #findMissed({ seat, held, listens }: Sitting): Promise<void> {
    const known = new Set(held.map(({ token }) => token))
    if (listens && (await seat.heartbeat()).tokens > known.size) await seat.reconcile([...known])
  }
}

import type { Lane, Reservation, Settlement } from '@millrace/broker'

/** One exchange's worth of reservations: they share its token. */
export interface Handout {
  readonly lane: Lane
  readonly token: string
  readonly size: number
  /** Some of it was settled on its own before: it can no longer be settled as one. */
  partly: boolean
}

/** A reservation of this driver; knows the exchange that it came with, so that a whole one can be settled as one. */
export class RedisReservation implements Reservation {
  attemptsUsed = 0
  crashes = 0
  alone = false
  composed = false
  feeds = false
  atMostOnce = false
  /** Handed over at the door, and somebody waits for its end. */
  awaited = false
  /** Among what `takeWhole` has counted. */
  counted = false

  constructor(
    readonly id: string,
    readonly wire: unknown,
    readonly handout: Handout,
  ) {}

  get lane(): Lane {
    return this.handout.lane
  }

  get token(): string {
    return this.handout.token
  }
}

/** Whether these settlements are all that their exchange handed out, each once; from now on it is no longer whole. */
export function takeWhole(group: readonly Settlement[]): boolean {
  const reservation = group[0]?.reservation
  if (!(reservation instanceof RedisReservation)) return false
  const { handout } = reservation
  const whole = !handout.partly && handout.size === group.length
  handout.partly = true
  if (!whole) return false
  for (const settlement of group) {
    const each = settlement.reservation as RedisReservation
    if (each.counted) return false
    each.counted = true
  }
  return true
}

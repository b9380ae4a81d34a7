import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Reservation, Seat } from '@millrace/broker'
import type { Redis } from 'ioredis'
import type { Keyspace } from '../src/keyspace.js'
import { LANE_FAMILIES, lanePrefix, seatChannel } from '../src/keyspace.js'

const DEADLINE_MS = 20_000

/** What the seats of a walk hear at the door of their lane, step by step: a message is awaited before the walk goes on. */
export class WalkDoor {
  handedOver = 0
  endedAhead = 0
  readonly #heard = new EventTarget()
  /** By id: what a seat was handed, until the walk knows of its enqueue. A message may come before the answer of the call that caused it. */
  readonly #handed = new Map<string, () => void>()

  constructor(
    private readonly raw: Redis,
    private readonly keyspace: Keyspace,
  ) {}

  /** Resolves once the seat listens: from its next exchange on it may wait at the door. */
  async listen(seat: Seat, accept: (reservations: readonly Reservation[]) => void): Promise<void> {
    seat.receive?.((reservations) => {
      for (const { id } of reservations) this.#handed.set(id, () => accept(reservations))
      this.#heard.dispatchEvent(new Event('heard'))
    })
    const channel = seatChannel(this.keyspace, seat.lane, seat.incarnation)
    const subscribed = async () => Number((await this.raw.pubsub('NUMSUB', channel))[1]) > 0
    for (const deadline = performance.now() + DEADLINE_MS; !(await subscribed()); )
      if (performance.now() > deadline) throw new Error(`${channel} is never subscribed`)
    // The answer to the subscription is read by then.
    await turn()
  }

  /** Resolves once the seat that holds a job which was just enqueued has heard of it; at once where none does. */
  async delivered(id: string, seats: readonly Seat[]): Promise<void> {
    for (const { lane, incarnation } of seats) {
      const held = await this.raw.hvals(`${lanePrefix(this.keyspace, lane)}${LANE_FAMILIES.seat}${incarnation}`)
      if (!held.includes(` ${id} `)) continue
      this.handedOver++
      const signal = AbortSignal.timeout(DEADLINE_MS)
      while (!this.#handed.has(id)) await once(this.#heard, 'heard', { signal })
      this.#handed.get(id)?.()
    }
  }
}

import type { Reservation, Settlement } from '@millrace/broker'
import { KeyedRoster } from '@millrace/core'

/** Which exchanges of a seat still have jobs that the broker believes to be held, and how many. */
export class HeldTokens {
  readonly #left = new KeyedRoster<string, number>()
  #jobs = 0

  /** Jobs held: reserved and not yet acknowledged as settled. */
  get jobs(): number {
    return this.#jobs
  }

  /** Exchanges with jobs left: what the broker's `tokens` figure should be. */
  get size(): number {
    return this.#left.size
  }

  list(): string[] {
    return this.#left.keys()
  }

  taken(reservations: readonly Reservation[]): void {
    this.#count(reservations, 1)
  }

  settled(settlements: readonly Settlement[]): void {
    let token: string | undefined
    let run = 0
    for (const { reservation } of settlements) {
      if (reservation.token === token) {
        run += 1
        continue
      }
      if (token !== undefined) this.#change(token, -run)
      token = reservation.token
      run = 1
    }
    if (token !== undefined) this.#change(token, -run)
  }

  #count(reservations: readonly Reservation[], sign: 1 | -1): void {
    let token: string | undefined
    let run = 0
    for (const reservation of reservations) {
      if (reservation.token === token) {
        run += 1
        continue
      }
      if (token !== undefined) this.#change(token, sign * run)
      token = reservation.token
      run = 1
    }
    if (token !== undefined) this.#change(token, sign * run)
  }

  #change(token: string, by: number): void {
    const left = (this.#left.get(token) ?? 0) + by
    this.#jobs += by
    if (left > 0) this.#left.set(token, left)
    else this.#left.delete(token)
  }
}

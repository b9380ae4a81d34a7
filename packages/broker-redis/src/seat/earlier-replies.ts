import type { ExchangeRequest, Reservation, Settlement } from '@millrace/broker'
import type { SlotReply } from './slot.js'

/**
 * Late answers to exchanges that were given up, until an exchange that succeeds tells the worker: kept when that one fails too.
 * A settlement that such an exchange carried has its answer; the worker, who could not know, sends it again, and it is left out.
 */
export class EarlierReplies {
  #lost: Settlement[] = []
  #reservations: Reservation[] = []
  readonly #carried = new WeakSet<Reservation>()
  #hasCarried = false

  get isEmpty(): boolean {
    return !this.#hasCarried && this.#reservations.length === 0 && this.#lost.length === 0
  }

  add({ lost, reservations, carried }: SlotReply & { readonly carried: readonly Settlement[] }): void {
    this.#lost.push(...lost)
    this.#reservations.push(...reservations)
    for (const { reservation } of carried) {
      this.#carried.add(reservation)
      this.#hasCarried = true
    }
  }

  /** The request without what is settled already, and without room for what is about to be handed over. */
  adjust(request: ExchangeRequest): ExchangeRequest {
    const found = this.#reservations.length
    return {
      ...request,
      settlements: request.settlements.filter(({ reservation }) => !this.#carried.has(reservation)),
      want: Math.max(0, request.want - found),
      empty: request.empty && found === 0,
    }
  }

  /** Hands them over, once. */
  take(): { readonly lost: readonly Settlement[]; readonly reservations: readonly Reservation[] } {
    const taken = { lost: this.#lost, reservations: this.#reservations }
    this.#lost = []
    this.#reservations = []
    return taken
  }

  /** The lane has put back all tokens but these. */
  forgetReservations(known: ReadonlySet<string>): void {
    this.#reservations = this.#reservations.filter(({ token }) => known.has(token))
  }
}

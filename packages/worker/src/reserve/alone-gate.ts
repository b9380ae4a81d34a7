import type { LaneDesk } from './lane-desk.js'

/**
 * Lets one lane at a time bring the whole worker to rest, so that a job which crashed its process before can run with
 * nothing beside it. Lanes that ask meanwhile wait in order: each is served and leaves, so two of them cannot block each other.
 */
export class AloneGate {
  readonly #asking: LaneDesk[] = []
  /** The lane whose `empty` exchange is in flight. */
  #asked: LaneDesk | undefined

  /** While true no lane reserves. */
  get closed(): boolean {
    return this.#asking.length > 0
  }

  ask(desk: LaneDesk): void {
    if (!this.#asking.includes(desk)) this.#asking.push(desk)
  }

  /** Who may exchange with `empty` once the worker is at rest. */
  next(): LaneDesk | undefined {
    return this.#asked === undefined ? this.#asking[0] : undefined
  }

  sent(desk: LaneDesk): void {
    this.#asked = desk
  }

  /** Its exchange failed: it asks again. */
  unanswered(desk: LaneDesk): void {
    if (this.#asked === desk) this.#asked = undefined
  }

  /** Answered or without a seat: the lane has had its turn. */
  served(desk: LaneDesk): void {
    if (this.#asked === desk) this.#asked = undefined
    const index = this.#asking.indexOf(desk)
    if (index >= 0) this.#asking.splice(index, 1)
  }
}

/**
 * Until when this process may believe that its seat's lease holds, on its own monotonic clock: the lease, counted
 * from when the last answered call was *sent*. The broker counts from when it ran the call, so it lets go later.
 */
export class OwnDeadline {
  #endsAt: number
  #source: (() => number) | undefined

  constructor(
    readonly leaseMs: number,
    joinedAt: number,
  ) {
    this.#endsAt = joinedAt + leaseMs
  }

  get endsAt(): number {
    return this.#endsAt
  }

  /** A call sent then was answered. Answers may arrive out of order: the deadline never moves back. */
  renewed(sentAt: number): void {
    const endsAt = sentAt + this.leaseMs
    if (endsAt > this.#endsAt) this.#endsAt = endsAt
  }

  /** Where to read what another thread achieved meanwhile, on this clock. Asked only when the own figure has passed. */
  alsoFrom(source: () => number): void {
    this.#source = source
  }

  passed(now: number): boolean {
    if (now < this.#endsAt) return false
    const endsAt = this.#source?.()
    if (endsAt !== undefined && endsAt > this.#endsAt) this.#endsAt = endsAt
    return now >= this.#endsAt
  }
}

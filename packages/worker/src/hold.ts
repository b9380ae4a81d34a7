import type { Lane, Reservation, Seat, Settlement, TaskTally } from '@millrace/broker'
import type { AttemptOwner } from './attempt.js'

/**
 * One incarnation of the worker in one lane, with everything that hangs on its lease: what it holds, what runs, what waits
 * to be settled. Live until `lost`, which is final; the lane then gets a new one.
 */
export interface Hold extends AttemptOwner {
  readonly lane: Lane
  readonly seat: Seat
  /** Verdicts that the broker has not acknowledged. */
  readonly box: VerdictBox
  /** The exchanges that the broker believes to have jobs here. */
  readonly tokens: TokenCount
  readonly tally: { take(): readonly TaskTally[] | undefined }
  readonly reports: { flush(): void }
  readonly deadline: LeaseDeadline
  lost: boolean
  /** Calls in flight that a seat bounds, 0…2, and how many jobs they ask for. */
  inFlight: number
  asked: number
  /** Jobs that are being ended ahead of their exchange, which waits for that. */
  endedAhead: number
  /** When an exchange was last sent or answered, monotonic ms: a heartbeat sent before says nothing about tokens. */
  exchangedAt: number
  /** An exchange may have handed out jobs that never arrived: reconcile before the next one. */
  strays: boolean
  /** Whether the broker believes that jobs are held here. */
  readonly holding: boolean
}

/** What is taken is either acknowledged or returned: a verdict never leaves unseen. */
export interface VerdictBox {
  readonly ready: number
  /** Waiting or in flight. */
  readonly unsettled: number
  take(): readonly Settlement[]
  acknowledged(batch: readonly Settlement[]): void
  returned(batch: readonly Settlement[]): void
}

export interface TokenCount {
  readonly jobs: number
  readonly size: number
  list(): string[]
  taken(reservations: readonly Reservation[]): void
  settled(settlements: readonly Settlement[]): void
}

/** Until when this process may believe in the lease, monotonic ms. */
export interface LeaseDeadline {
  readonly leaseMs: number
  readonly endsAt: number
  renewed(sentAt: number): void
  alsoFrom(source: () => number): void
  passed(now: number): boolean
}

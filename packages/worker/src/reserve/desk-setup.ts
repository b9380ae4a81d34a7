import type { ConsumerPort, ExchangeReply, Lane, Reservation, Seat, Settlement } from '@millrace/broker'
import type { Clock, Logger } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { TimerSource } from '../timer-source.js'
import type { WorkerEvent } from '../worker-event.js'

/** What a desk tells the loop that it belongs to. */
export interface DeskHooks<Desk> {
  joined(desk: Desk, hold: Hold): void
  /** Jobs came, or what was asked for did not. Called before the next exchange is thought of. */
  answered(desk: Desk, hold: Hold, answer: { reply: ExchangeReply; want: number; empty: boolean }): void
  /** A job was handed over that no exchange had asked for. */
  handed(desk: Desk, hold: Hold, reservations: readonly Reservation[]): void
  /** The hold is gone. `fenced`: the broker said so, its verdicts are refused; else only this process gave it up. */
  lost(desk: Desk, hold: Hold, fenced: boolean): void
  settled(settlements: readonly Settlement[]): void
  /** Verdicts that were refused or given up. */
  refused(hold: Hold, reservations: readonly Reservation[]): void
  /** A call failed, or the first one after that was answered. */
  health(desk: Desk, error: unknown): void
  /** Something may be possible now that was not before. */
  changed(): void
}

/** What a desk is made of. `rank`: its place where the order is strict. */
export interface DeskSetup<Desk> {
  readonly lane: Lane
  readonly rank: number
  readonly weight: number
  readonly consumer: ConsumerPort
  /** `joinedAt`: when the seat was asked for, monotonic ms. */
  readonly openHold: (seat: Seat, joinedAt: number) => Hold
  readonly workerId: string
  readonly leaseMs: number
  readonly clock: Clock
  readonly timers: TimerSource
  readonly random: () => number
  readonly logger: Logger
  readonly hooks: DeskHooks<Desk>
  readonly onEvent: ((event: WorkerEvent) => void) | undefined
}

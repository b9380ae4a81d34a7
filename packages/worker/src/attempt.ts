import type { Reservation, ReservationReport, Seat } from '@millrace/broker'
import type { JobMessage, Roster, RosterMember, TaskDefinition, TaskHandler, Verdict } from '@millrace/core'
import type { AttemptVerdict } from './host.js'

/** One armed timeout. */
export interface Alarm {
  /** Monotonic ms. */
  readonly dueAt: number
  readonly ring: () => void
}

/** Why a running attempt was told to stop. The first reason stays. */
export type AbortReason = 'timed-out' | 'cancelled' | 'released' | 'lease-lost'

/** Whom an attempt belongs to: one incarnation of the worker in one lane. */
export interface AttemptOwner {
  readonly seat: Seat
  /** The incarnation is gone: what its attempts come to is discarded. */
  readonly lost: boolean
  /** Reserved and not ended: waiting to start or running. */
  active: number
  /** Attempts that outlived the turn that started them. */
  readonly running: Roster<Attempt>
  settle(attempt: Attempt, verdict: Verdict, busyMs: number): void
  /** What an ended attempt's handler said last: sent with its verdict. */
  report(last: ReservationReport): void
}

/** One execution of a job, from its reservation to its end. */
export class Attempt implements RosterMember {
  place = -1
  message: JobMessage | undefined
  definition: TaskDefinition | undefined
  handler: TaskHandler | undefined
  /** Made when `ctx.signal` is touched. */
  controller: AbortController | undefined
  /** Made when `ctx.progress` is called. */
  reporter: { close(): void } | undefined
  /** Made when `ctx.progress` is called, or a line is logged. */
  report: { end(verdict: Verdict): void } | undefined
  /** Made when middleware asks for the verdict. */
  decided: PromiseWithResolvers<AttemptVerdict> | undefined
  abortedBy: AbortReason | undefined
  /** The attempt's timeout, or after an abort the moment when its slot is freed. */
  alarm: Alarm | undefined
  /** Monotonic ms. */
  arrivedAt = 0
  startedAt = 0
  started = false
  /** Its verdict is out; whatever its handler still does is discarded. */
  ended = false
  /** Ended while its handler still ran. */
  leaked = false

  constructor(
    readonly reservation: Reservation,
    readonly owner: AttemptOwner,
  ) {}

  /** Starts at 1. */
  get number(): number {
    return this.reservation.attemptsUsed + 1
  }

  /** As the message gives it; empty while that has not been read. */
  get task(): string {
    return this.message === undefined ? '' : this.message.task
  }

  get timeoutMs(): number | undefined {
    return this.message?.extras.timeoutMs ?? this.definition?.policy.timeoutMs
  }
}

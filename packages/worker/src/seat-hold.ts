import type { Lane, Reservation, ReservationReport, Seat } from '@millrace/broker'
import { Roster, type Verdict } from '@millrace/core'
import type { Attempt } from './attempt.js'
import type { Hold } from './hold.js'
import { HeldTokens } from './lease/held-tokens.js'
import { OwnDeadline } from './lease/own-deadline.js'
import { ReportSheet } from './settle/report-sheet.js'
import { SettlementBox } from './settle/settlement-box.js'
import { TallySheet } from './settle/tally-sheet.js'

/** Who is told what becomes of attempts. */
export interface SeatWitness {
  readonly durations: { add(task: string, ms: number): void }
  refused(hold: SeatHold, reservations: readonly Reservation[]): void
  /** What held an exchange back is over. */
  changed(): void
}

/** A hold made of what the stages keep about it. */
export class SeatHold implements Hold {
  readonly lane: Lane
  readonly box = new SettlementBox()
  readonly tokens = new HeldTokens()
  readonly tally = new TallySheet()
  readonly reports: ReportSheet
  readonly deadline: OwnDeadline
  readonly running = new Roster<Attempt>()
  active = 0
  lost = false
  /** Exchanges in flight, 0…2, and how many jobs they ask for. */
  inFlight = 0
  asked = 0
  endedAhead = 0
  /** When an exchange was last sent or answered, monotonic ms: a heartbeat sent before says nothing about tokens. */
  exchangedAt = 0
  /** An exchange may have handed out jobs that never arrived: reconcile before the next one. */
  strays = false

  constructor(
    readonly seat: Seat,
    joinedAt: number,
    private readonly told: SeatWitness,
  ) {
    this.lane = seat.lane
    this.reports = new ReportSheet(seat)
    this.deadline = new OwnDeadline(seat.leaseMs, joinedAt)
  }

  /** Whether the broker believes that jobs are held here. */
  get holding(): boolean {
    return this.tokens.jobs > 0
  }

  settle(attempt: Attempt, verdict: Verdict, busyMs: number): void {
    if (this.lost) {
      this.told.refused(this, [attempt.reservation])
      return
    }
    const settlement = { reservation: attempt.reservation, verdict }
    // The job may be let go of at once: what its handler said last goes before that.
    if (this.seat.ahead !== undefined) this.reports.flush()
    const ahead = this.seat.ahead?.(settlement)
    if (ahead !== undefined) this.#holdBackFor(ahead)
    this.box.add(settlement)
    if (!attempt.started) return
    const task = attempt.definition?.name ?? 'unknown'
    this.tally.add(task, verdict, busyMs)
    this.told.durations.add(task, busyMs)
  }

  /** Whoever waits for the job needs the processor now, the exchange does not. */
  #holdBackFor(ahead: Promise<void>): void {
    this.endedAhead += 1
    void ahead.then(() => {
      this.endedAhead -= 1
      this.told.changed()
    })
  }

  report(last: ReservationReport): void {
    this.reports.add(last)
  }
}

import type { ReservationReport, Seat } from '@millrace/broker'
import { MAX_BATCH_BYTES, MAX_BATCH_JOBS } from '@millrace/core'

/** What the handlers of ended attempts said last, until the exchange that settles them. */
export class ReportSheet {
  #updates: ReservationReport[] = []

  constructor(private readonly seat: Seat) {}

  add(update: ReservationReport): void {
    this.#updates.push(update)
  }

  /** Sends them, to be done before the exchange that is sent next. Best effort: a verdict never waits for its report. */
  flush(): void {
    if (this.#updates.length === 0) return
    const updates = this.#updates
    this.#updates = []
    for (let from = 0; from < updates.length; ) {
      let bytes = 0
      let to = from
      while (to < updates.length && to - from < MAX_BATCH_JOBS && bytes < MAX_BATCH_BYTES / 4) {
        bytes += bytesOf(updates[to] as ReservationReport)
        to += 1
      }
      this.seat.report(updates.slice(from, to)).catch(() => {})
      from = to
    }
  }
}

/** UTF-16 units, about. */
function bytesOf({ update }: ReservationReport): number {
  return update.lines.reduce((sum, { text }) => sum + text.length + 64, (update.progressJson?.length ?? 0) + 128)
}

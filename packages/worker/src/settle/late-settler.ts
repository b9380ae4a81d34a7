import type { Reservation } from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { TimerSource } from '../timer-source.js'

interface LateSettling {
  readonly timers: TimerSource
  /** Ms until the next try. */
  pause(): number
  refused(hold: Hold, reservations: readonly Reservation[]): void
  /** The worker has stopped: give up. */
  stopped(): boolean
}

/** The seats that are being wound up. */
export class LateSettler {
  readonly #holds = new Set<Hold>()

  constructor(
    private readonly setting: Omit<LateSettling, 'pause'>,
    private readonly changed: () => void,
  ) {}

  get seats(): number {
    return this.#holds.size
  }

  get unsettled(): number {
    return [...this.#holds].reduce((sum, hold) => sum + hold.box.unsettled, 0)
  }

  async add(hold: Hold): Promise<void> {
    let pauseMs = 25
    const pause = () => {
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)
      return pauseMs
    }
    this.#holds.add(hold)
    await settleLate(hold, { ...this.setting, pause })
    this.#holds.delete(hold)
    this.changed()
  }
}

const MAX_PAUSE_MS = 5_000
const CALL = { timeoutMs: 10_000 }

/**
 * Winds up a seat that this process gave up although the broker may still honour it (an outage, a frozen store): what was
 * finished in time is settled, everything else put back uncounted. Ends when the broker answers or fences the seat.
 */
async function settleLate(hold: Hold, setting: LateSettling): Promise<void> {
  while (!setting.stopped()) {
    // Two calls may be in flight; one that hangs must not block the other.
    if (hold.inFlight < 2) {
      hold.reports.flush()
      const settlements = hold.box.take()
      try {
        if (settlements.length > 0) {
          const reply = await hold.seat.exchange({ settlements, want: 0, empty: false }, CALL)
          hold.box.acknowledged(settlements)
          if (reply.lost.length > 0)
            setting.refused(
              hold,
              reply.lost.map((settlement) => settlement.reservation),
            )
        }
        if (hold.box.unsettled === 0) {
          await hold.seat.leave(CALL)
          return
        }
        if (hold.box.ready > 0) continue
      } catch (error) {
        if (error instanceof LeaseLostError) {
          setting.refused(
            hold,
            settlements.map((settlement) => settlement.reservation),
          )
          return
        }
        if (hold.box.unsettled > hold.box.ready) hold.box.returned(settlements)
      }
    }
    await new Promise<void>((resolve) => setting.timers.after(setting.pause(), resolve))
  }
}

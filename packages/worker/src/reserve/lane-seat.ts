import type { Lane, Seat } from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { Timer, TimerSource } from '../timer-source.js'
import { BackOff } from './back-off.js'
import { bounded, call } from './bounded-call.js'
import type { DeskSetup } from './desk-setup.js'

/** The driver's own deadline for a call, at most; it decides, the last resort is only behind it. */
const CALL_MS = 10_000
/** How much later than its deadline a call counts as never answered. */
export const LAST_RESORT_MS = 1_000

/** What comes of a lane's seat. */
export interface SeatHooks {
  /** False: no seat is wanted any more, nor one that comes late. */
  wanted(): boolean
  /** `sentAt`: when the seat was asked for, monotonic ms. */
  joined(seat: Seat, sentAt: number): void
  fenced(hold: Hold, error: LeaseLostError): void
  /** A call failed, or (`undefined`) the first one after that was answered. */
  health(error: unknown): void
  changed(): void
}

/** How a lane comes by a seat, and how what store and process believe of it is made the same again. Rests after each failure. */
export class LaneSeat {
  readonly callOptions: { readonly timeoutMs: number }
  readonly #lane: Lane
  readonly #backOff: BackOff
  #joining = false
  #resting = false
  #waking: Timer | undefined
  #closed = false

  constructor(
    private readonly setup: Omit<DeskSetup<never>, 'hooks'> & { readonly name: string },
    private readonly hooks: SeatHooks,
  ) {
    this.#lane = setup.lane
    this.#backOff = new BackOff(setup.random)
    this.callOptions = { timeoutMs: Math.min(CALL_MS, setup.leaseMs) }
  }

  /** A call failed a moment ago: none is sent until the rest is over. */
  get resting(): boolean {
    return this.#resting
  }

  /** Takes a seat, again and again until it has one. */
  join(): void {
    if (this.#joining || !this.hooks.wanted()) return
    this.#joining = true
    const { consumer, workerId, leaseMs, clock } = this.setup
    const sentAt = clock.monotonic()
    const answer = call(() => consumer.join(this.#lane, { id: workerId, leaseMs }, this.callOptions))
    bounded(answer, this.#limit('join')).then(
      (seat) => this.#joined(seat, sentAt),
      (error: unknown) => {
        this.#joining = false
        // A seat that comes after all is nobody's; left at once, it is no worker that seems to die.
        answer.then((late) => late.leave()).catch(() => undefined)
        if (!this.hooks.wanted()) return
        this.hooks.health(error)
        this.setup.timers.after(this.#backOff.next(), () => this.join(), true)
      },
    )
  }

  /** Puts back what the broker believes to be held here and this process never got. No exchange is sent meanwhile. */
  reconcile(hold: Hold): void {
    if (this.#closed) return
    if (hold.lost || hold.inFlight > 0) {
      hold.strays = true
      return
    }
    hold.strays = true
    hold.inFlight += 1
    bounded(
      call(() => hold.seat.reconcile(hold.tokens.list(), this.callOptions)),
      this.#limit('reconcile'),
    ).then(
      ({ putBack }) => {
        hold.inFlight -= 1
        if (hold.lost) return
        hold.strays = false
        this.healthy()
        if (putBack > 0)
          this.setup.logger.warn(
            { lane: this.setup.name, putBack },
            'jobs that had been handed out but never arrived were put back',
          )
        this.hooks.changed()
      },
      (error: unknown) => {
        hold.inFlight -= 1
        if (error instanceof LeaseLostError) this.hooks.fenced(hold, error)
        if (hold.lost) return
        this.hooks.health(error)
        this.rest(() => this.reconcile(hold))
      },
    )
  }

  /** After a failure: `then` follows when the rest is over. */
  rest(then: () => void): void {
    if (this.#closed || this.#resting) return
    this.#resting = true
    this.#waking = this.setup.timers.after(
      this.#backOff.next(),
      () => {
        this.#resting = false
        then()
        this.hooks.changed()
      },
      true,
    )
  }

  /** No more calls by itself. */
  close(): void {
    this.#closed = true
    this.#waking?.cancel()
  }

  /** A call was answered. */
  healthy(): void {
    if (this.#backOff.failures === 0) return
    this.#backOff.reset()
    this.hooks.health(undefined)
  }

  #joined(seat: Seat, sentAt: number): void {
    this.#joining = false
    if (!this.hooks.wanted()) {
      // Nothing was reserved on it yet; the lease would end by itself.
      seat.leave().catch(() => undefined)
      return
    }
    this.healthy()
    this.hooks.joined(seat, sentAt)
  }

  #limit(what: string): { what: string; ms: number; timers: TimerSource } {
    return {
      what: `${what} of ${this.setup.name}`,
      ms: this.callOptions.timeoutMs + LAST_RESORT_MS,
      timers: this.setup.timers,
    }
  }
}

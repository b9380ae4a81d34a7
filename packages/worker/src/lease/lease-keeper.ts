import { type HeartbeatReply, laneName } from '@millrace/broker'
import { type Clock, LeaseLostError, type Logger } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { Timer, TimerSource } from '../timer-source.js'
import type { SeatReport } from './keeper-messages.js'
import { type HeartbeatSource, KeeperThread } from './keeper-thread.js'
import { processMonotonicMs } from './shared-leases.js'

export interface LeaseKeeperSetup {
  readonly heartbeatMs: number
  readonly leaseMs: number
  readonly maxBlockMs: number
  /** The driver's heartbeat module; `undefined`: leases are kept by the main thread alone. */
  readonly module: HeartbeatSource | undefined
  readonly clock: Clock
  readonly timers: TimerSource
  readonly logger: Logger
  readonly cancelled: (hold: Hold, ids: readonly string[]) => void
  readonly fenced: (hold: Hold, error: LeaseLostError) => void
  /** The hold's own deadline has passed while jobs are held. */
  readonly lapsed: (hold: Hold) => void
  /** The broker holds other exchanges for this seat than the worker does, twice in a row. */
  readonly disagrees: (hold: Hold) => void
}

interface Kept {
  readonly hold: Hold
  readonly slot: number | undefined
  /** When the heartbeat in flight was sent, monotonic ms; `undefined`: none is. */
  beatAt: number | undefined
  disagreements: number
}

/** The main thread shows that it lives, and looks at deadlines, this often at least. */
const MAX_TICK_MS = 500

/**
 * Renews the leases of all seats, idle ones too (their heartbeats are also how a lane tells a store that was frozen from
 * workers that died), and notices the ones that could not be renewed in time. Where the driver
 * can, a thread sends the heartbeats; the main thread steps in for one that is late (or gone, or was never there).
 */
export class LeaseKeeper {
  /** How late the last ticks were at most, ms, since this was last read. */
  #lateMs = 0
  readonly #kept = new Map<Hold, Kept>()
  readonly #thread: KeeperThread | undefined
  readonly #tickMs: number
  #tickedAt: number
  #timer: Timer | undefined
  #stopped = false

  constructor(private readonly setup: LeaseKeeperSetup) {
    const { module, heartbeatMs, leaseMs, maxBlockMs, logger, timers } = setup
    this.#tickMs = Math.max(5, Math.min(MAX_TICK_MS, heartbeatMs / 4))
    this.#tickedAt = setup.clock.monotonic()
    if (module !== undefined) {
      this.#thread = KeeperThread.join(module, { heartbeatMs, leaseMs, maxBlockMs }, { logger, timers })
    }
    this.#tickSoon()
  }

  /** How much later than planned the main thread got its turn, at worst since the last call, ms. */
  takeLateMs(): number {
    const late = this.#lateMs
    this.#lateMs = 0
    return late
  }

  watch(hold: Hold): void {
    const thread = this.#thread
    const slot = thread?.take()
    const kept: Kept = { hold, slot, beatAt: undefined, disagreements: 0 }
    this.#kept.set(hold, kept)
    if (thread === undefined || slot === undefined) return
    hold.deadline.alsoFrom(() => thread.leases.threadDeadline(slot) - this.#offset())
    this.renewed(hold)
    const { incarnation } = hold.seat
    thread.keep(slot, { lane: hold.lane, incarnation }, (report) => this.#reported(kept, report))
  }

  /** An exchange was answered: before its jobs start, so that the thread knows of them however long they block. */
  renewed(hold: Hold): void {
    const slot = this.#kept.get(hold)?.slot
    if (slot === undefined) return
    this.#thread?.leases.setMainDeadline(slot, hold.deadline.endsAt + this.#offset())
  }

  forget(hold: Hold): void {
    const kept = this.#kept.get(hold)
    this.#kept.delete(hold)
    if (kept?.slot !== undefined) this.#thread?.drop(kept.slot)
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#timer?.cancel()
    for (const hold of [...this.#kept.keys()]) this.forget(hold)
    await this.#thread?.leave()
  }

  /** What turns this process' monotonic time, as the clock gives it, into the threads' common one. */
  #offset(): number {
    return processMonotonicMs() - this.setup.clock.monotonic()
  }

  #tickSoon(): void {
    this.#timer = this.setup.timers.after(this.#tickMs, () => {
      if (this.#stopped) return
      this.#tick()
      this.#tickSoon()
    })
  }

  #tick(): void {
    const now = this.setup.clock.monotonic()
    this.#lateMs = Math.max(this.#lateMs, now - this.#tickedAt - this.#tickMs)
    this.#tickedAt = now
    this.#thread?.leases.tick(processMonotonicMs())
    for (const kept of [...this.#kept.values()]) {
      const { hold } = kept
      if (hold.holding && hold.deadline.passed(now)) this.setup.lapsed(hold)
      else if (now >= this.#beatDue(kept)) this.#beat(kept)
    }
  }

  /** The thread goes first; the main thread follows half a heartbeat later where that has brought nothing. */
  #beatDue({ hold, slot, beatAt }: Kept): number {
    // One at a time, but one that is never answered must not be the last.
    if (beatAt !== undefined) return beatAt + 2 * this.setup.heartbeatMs
    const renewedAt = hold.deadline.endsAt - hold.deadline.leaseMs
    return renewedAt + this.setup.heartbeatMs * (slot === undefined ? 1 : 1.5)
  }

  #beat(kept: Kept): void {
    const { hold } = kept
    const sentAt = this.setup.clock.monotonic()
    kept.beatAt = sentAt
    new Promise<HeartbeatReply>((resolve) => resolve(hold.seat.heartbeat({ timeoutMs: this.setup.leaseMs }))).then(
      (reply) => {
        if (kept.beatAt === sentAt) kept.beatAt = undefined
        this.#beaten(kept, reply, sentAt)
      },
      (error: unknown) => {
        if (kept.beatAt === sentAt) kept.beatAt = undefined
        if (hold.lost) return
        if (error instanceof LeaseLostError) this.setup.fenced(hold, error)
        else this.setup.logger.debug({ err: error, lane: laneName(hold.lane) }, 'a heartbeat failed')
      },
    )
  }

  #beaten(kept: Kept, reply: HeartbeatReply, sentAt: number): void {
    const { hold } = kept
    if (hold.lost) return
    hold.deadline.renewed(sentAt)
    this.renewed(hold)
    if (reply.cancelled.length > 0) this.setup.cancelled(hold, reply.cancelled)
    // An exchange that was under way meanwhile makes the two figures speak of different moments.
    if (hold.inFlight > 0 || hold.exchangedAt >= sentAt || reply.tokens === hold.tokens.size) {
      kept.disagreements = 0
      return
    }
    kept.disagreements += 1
    if (kept.disagreements < 2) return
    kept.disagreements = 0
    this.setup.disagrees(hold)
  }

  #reported(kept: Kept, report: SeatReport): void {
    const { hold } = kept
    const { incarnation } = hold.seat
    if (this.#kept.get(hold) !== kept || report.incarnation !== incarnation) return
    if (report.kind === 'beaten') this.#beaten(kept, report, report.sentAt - this.#offset())
    else this.setup.fenced(hold, new LeaseLostError({ lane: laneName(hold.lane), incarnation }))
  }
}

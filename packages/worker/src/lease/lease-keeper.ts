import { type HeartbeatReply, laneName } from '@millrace/broker'
import { type Clock, LeaseLostError, type Logger } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { Timer, TimerSource } from '../timer-source.js'
import type { KeeperOrder, KeeperReport } from './keeper-messages.js'
import { KeeperThreadHandle } from './keeper-thread-handle.js'
import { processMonotonicMs, SharedLeases } from './shared-leases.js'

export interface LeaseKeeperSetup {
  readonly heartbeatMs: number
  readonly leaseMs: number
  readonly maxBlockMs: number
  /** The driver's heartbeat module; `undefined`: leases are kept by the main thread alone. */
  readonly module: { readonly url: string; readonly options: unknown } | undefined
  readonly lanes: number
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
  readonly #bySlot = new Map<number, Kept>()
  readonly #free: number[] = []
  readonly #shared: SharedLeases | undefined
  readonly #thread: KeeperThreadHandle | undefined
  readonly #tickMs: number
  #tickedAt: number
  #timer: Timer | undefined
  #stopped = false

  constructor(private readonly setup: LeaseKeeperSetup) {
    const { module, heartbeatMs, leaseMs, maxBlockMs, logger, timers } = setup
    this.#tickMs = Math.max(5, Math.min(MAX_TICK_MS, heartbeatMs / 4))
    this.#tickedAt = setup.clock.monotonic()
    if (module !== undefined) {
      // Seats come and go; a slot is free again once the thread has let go of it.
      const slots = Math.max(64, setup.lanes * 4)
      this.#shared = SharedLeases.allocate(slots)
      this.#shared.tick(processMonotonicMs())
      for (let slot = slots - 1; slot >= 0; slot -= 1) this.#free.push(slot)
      this.#thread = new KeeperThreadHandle(
        {
          memory: this.#shared.memory,
          slots,
          moduleUrl: module.url,
          moduleOptions: module.options,
          heartbeatMs,
          leaseMs,
          maxBlockMs,
        },
        { logger, timers, orders: () => this.#orders(), report: (report) => this.#reported(report) },
      )
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
    const slot = this.#shared === undefined ? undefined : this.#free.pop()
    const kept: Kept = { hold, slot, beatAt: undefined, disagreements: 0 }
    this.#kept.set(hold, kept)
    if (slot === undefined) return
    const shared = this.#shared as SharedLeases
    shared.reset(slot)
    hold.deadline.alsoFrom(() => shared.threadDeadline(slot) - this.#offset())
    this.#bySlot.set(slot, kept)
    this.renewed(hold)
    this.#thread?.send(orderFor(kept, slot))
  }

  /** An exchange was answered: before its jobs start, so that the thread knows of them however long they block. */
  renewed(hold: Hold): void {
    const slot = this.#kept.get(hold)?.slot
    if (slot === undefined) return
    this.#shared?.setMainDeadline(slot, hold.deadline.endsAt + this.#offset())
  }

  forget(hold: Hold): void {
    const kept = this.#kept.get(hold)
    this.#kept.delete(hold)
    if (kept?.slot === undefined) return
    this.#bySlot.delete(kept.slot)
    this.#thread?.send({ kind: 'remove', slot: kept.slot })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#thread?.stop()
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
    this.#shared?.tick(processMonotonicMs())
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

  #reported(report: KeeperReport): void {
    switch (report.kind) {
      case 'beaten': {
        const kept = this.#bySlot.get(report.slot)
        if (kept?.hold.seat.incarnation === report.incarnation)
          this.#beaten(kept, report, report.sentAt - this.#offset())
        break
      }
      case 'fenced': {
        const hold = this.#bySlot.get(report.slot)?.hold
        if (hold?.seat.incarnation !== report.incarnation) break
        this.setup.fenced(hold, new LeaseLostError({ lane: laneName(hold.lane), incarnation: report.incarnation }))
        break
      }
      case 'removed':
        this.#free.push(report.slot)
        break
      case 'failed':
        this.setup.logger.debug({ reason: report.message }, 'a heartbeat failed')
        break
      case 'let-go':
        this.setup.logger.error(
          { silentMs: report.silentMs },
          'the main thread was blocked for longer than maxBlock: its leases were let go',
        )
        break
    }
  }

  *#orders(): Generator<KeeperOrder> {
    for (const [slot, kept] of this.#bySlot) yield orderFor(kept, slot)
  }
}

function orderFor({ hold }: Kept, slot: number): KeeperOrder {
  return { kind: 'add', slot, lane: hold.lane, incarnation: hold.seat.incarnation }
}

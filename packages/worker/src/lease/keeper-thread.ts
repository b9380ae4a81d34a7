import type { Lane } from '@millrace/broker'
import type { Logger } from '@millrace/core'
import type { TimerSource } from '../timer-source.js'
import type { KeeperOrder, KeeperReport, SeatReport } from './keeper-messages.js'
import { KeeperThreadHandle } from './keeper-thread-handle.js'
import { processMonotonicMs, SharedLeases } from './shared-leases.js'

/** What a driver gives: one and the same object for all workers on one broker. */
export interface HeartbeatSource {
  readonly url: string
  readonly options: unknown
}

export interface KeeperTimes {
  readonly heartbeatMs: number
  readonly leaseMs: number
  readonly maxBlockMs: number
}

interface KeptSeat {
  readonly order: KeeperOrder
  readonly report: (report: SeatReport) => void
}

/** 256 KiB, of which only what is used is ever touched. A seat that finds none free is kept by the main thread. */
const SLOTS = 16_384

const threads = new WeakMap<HeartbeatSource, Map<string, KeeperThread>>()

/**
 * The lease keeper thread as the main thread sees it. Workers with the same broker and the same times share one: a thread costs about
 * 30 MB, and has little to do.
 */
export class KeeperThread {
  readonly leases = SharedLeases.allocate(SLOTS)
  readonly #handle: KeeperThreadHandle
  readonly #seats = new Map<number, KeptSeat>()
  readonly #free: number[] = []
  /** Given up, and perhaps still in use by the thread. */
  readonly #leaving = new Set<number>()
  #next = 0
  #workers = 0

  private constructor(
    source: HeartbeatSource,
    times: KeeperTimes,
    private readonly deps: { readonly logger: Logger; readonly timers: TimerSource },
    private readonly gone: () => void,
  ) {
    this.leases.tick(processMonotonicMs())
    this.#handle = new KeeperThreadHandle(
      { memory: this.leases.memory, slots: SLOTS, moduleUrl: source.url, moduleOptions: source.options, ...times },
      { ...deps, orders: () => this.#orders(), report: (report) => this.#reported(report) },
    )
  }

  /** The thread for a worker, until that calls `leave`. */
  static join(
    source: HeartbeatSource,
    times: KeeperTimes,
    deps: { readonly logger: Logger; readonly timers: TimerSource },
  ): KeeperThread {
    const ofSource = threads.get(source) ?? new Map<string, KeeperThread>()
    threads.set(source, ofSource)
    const key = `${times.heartbeatMs} ${times.leaseMs} ${times.maxBlockMs}`
    const thread = ofSource.get(key) ?? new KeeperThread(source, times, deps, () => ofSource.delete(key))
    ofSource.set(key, thread)
    thread.#workers += 1
    return thread
  }

  /** The last worker to leave ends the thread, and waits for that. */
  async leave(): Promise<void> {
    this.#workers -= 1
    if (this.#workers > 0) return
    this.gone()
    await this.#handle.stop()
  }

  /** A place for the times of a seat, or none. */
  take(): number | undefined {
    const slot = this.#free.pop() ?? (this.#next < SLOTS ? this.#next++ : undefined)
    if (slot !== undefined) this.leases.reset(slot)
    return slot
  }

  /** From now on the thread renews this seat's lease. */
  keep(
    slot: number,
    seat: { readonly lane: Lane; readonly incarnation: string },
    report: (report: SeatReport) => void,
  ): void {
    const order: KeeperOrder = { kind: 'add', slot, lane: seat.lane, incarnation: seat.incarnation }
    this.#seats.set(slot, { order, report })
    this.#handle.send(order)
  }

  drop(slot: number): void {
    this.#seats.delete(slot)
    this.#leaving.add(slot)
    this.#handle.send({ kind: 'remove', slot })
  }

  /** For a thread that was just started and knows of no seat. */
  *#orders(): Generator<KeeperOrder> {
    for (const slot of this.#leaving) this.#free.push(slot)
    this.#leaving.clear()
    for (const { order } of this.#seats.values()) yield order
  }

  #reported(report: KeeperReport): void {
    switch (report.kind) {
      case 'beaten':
      case 'fenced':
        this.#seats.get(report.slot)?.report(report)
        break
      case 'removed':
        if (this.#leaving.delete(report.slot)) this.#free.push(report.slot)
        break
      case 'failed':
        this.deps.logger.debug({ reason: report.message }, 'a heartbeat failed')
        break
      case 'let-go':
        this.deps.logger.error(
          { silentMs: report.silentMs },
          'the main thread was blocked for longer than maxBlock: its leases were let go',
        )
        break
    }
  }
}

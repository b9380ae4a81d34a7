import type { Alarm } from '../attempt.js'
import type { Timer, TimerSource } from '../timer-source.js'

/** An alarm in the list of its slot. */
interface Node extends Alarm {
  slot: number
  previous: Node | undefined
  next: Node | undefined
}

const TICK_MS = 20
const SLOTS = 512

/**
 * All timeouts of a worker behind one timer. Arming and disarming are O(1); an alarm rings at its time or up to one
 * tick (20 ms) after it, never before. Nothing ticks while nothing is armed.
 */
export class TimeoutWheel {
  readonly #slots: (Node | undefined)[] = new Array(SLOTS).fill(undefined)
  #armed = 0
  #timer: Timer | undefined
  /** The last tick whose slot was looked at. */
  #tick = 0

  constructor(
    private readonly monotonic: () => number,
    private readonly timers: TimerSource,
  ) {}

  get armed(): number {
    return this.#armed
  }

  arm(afterMs: number, ring: () => void): Alarm {
    const now = this.monotonic()
    if (this.#armed === 0) this.#tick = Math.floor(now / TICK_MS)
    const dueAt = now + afterMs
    // The first tick that is surely past it.
    const slot = (Math.floor(dueAt / TICK_MS) + 1) % SLOTS
    const node: Node = { dueAt, ring, slot, previous: undefined, next: this.#slots[slot] }
    if (node.next !== undefined) node.next.previous = node
    this.#slots[slot] = node
    this.#armed += 1
    this.#schedule()
    return node
  }

  /** Safe to repeat, and after it rang. */
  disarm(alarm: Alarm): void {
    const node = alarm as Node
    if (node.slot < 0) return
    if (node.previous === undefined) this.#slots[node.slot] = node.next
    else node.previous.next = node.next
    if (node.next !== undefined) node.next.previous = node.previous
    node.slot = -1
    // One that has grown old keeps none of its neighbours.
    node.previous = undefined
    node.next = undefined
    this.#armed -= 1
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    this.#timer = this.timers.after(TICK_MS, () => {
      this.#timer = undefined
      this.#turn()
      if (this.#armed > 0) this.#schedule()
    })
  }

  #turn(): void {
    const now = this.monotonic()
    const tick = Math.floor(now / TICK_MS)
    const behind = Math.min(tick - this.#tick, SLOTS)
    this.#tick = tick
    for (let back = behind - 1; back >= 0; back -= 1) this.#visit((tick - back) % SLOTS, now)
  }

  #visit(slot: number, now: number): void {
    // Collected first: what rings may arm and disarm others of the same slot.
    const due: Node[] = []
    for (let node = this.#slots[slot]; node !== undefined; node = node.next) if (node.dueAt <= now) due.push(node)
    for (const node of due) {
      if (node.slot < 0) continue
      this.disarm(node)
      node.ring()
    }
  }
}

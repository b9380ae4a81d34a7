import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '@millrace/core'

const realSetImmediate = globalThis.setImmediate
/** Whose code runs. One for all worlds: each storage slows down every promise of the process. */
const here = new AsyncLocalStorage<Machine>()

interface Happening {
  /** True time, ms. */
  readonly at: number
  readonly order: number
  readonly where: Machine | undefined
  readonly run: () => void
}

/** One process on one machine: its clock runs at its own rate, and while it is frozen nothing of it happens. */
export class Machine {
  frozenUntil = 0
  /** Until when it can reach nobody. */
  cutUntil = 0

  constructor(
    readonly name: string,
    readonly world: World,
    /** Of this machine's clock to true time. */
    readonly rate: number,
    readonly offset: number,
  ) {}

  get clock(): Clock {
    return {
      now: () => this.world.now * this.rate + this.offset,
      monotonic: () => this.world.now * this.rate + this.offset,
    }
  }
}

/**
 * True time, and everything that happens in it, one thing after the other. Timers set by code that runs on a machine are that
 * machine's: they follow its clock, and come late when it was frozen.
 */
export class World {
  now = 0
  readonly random: () => number
  readonly #queue: Happening[] = []
  readonly #cancelled = new Set<number>()
  #orders = 0

  constructor(seed: number) {
    this.random = randomOf(seed)
  }

  between(low: number, high: number): number {
    return low + this.random() * (high - low)
  }

  /** In true time. `where`: waits while that machine is frozen. */
  at(at: number, run: () => void, where?: Machine): number {
    this.#orders += 1
    const happening = { at, order: this.#orders, where, run }
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#queue[middle] as Happening
      if (other.at < at || (other.at === at && other.order < happening.order)) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, happening)
    return happening.order
  }

  on<T>(machine: Machine, run: () => T): T {
    return here.run(machine, run)
  }

  /** Lets everything happen up to a moment, looking on after each thing. */
  async runUntil(end: number, look: () => void): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined && next.at <= end; next = this.#queue[0]) {
      this.#queue.shift()
      this.now = Math.max(this.now, next.at)
      if (this.#cancelled.delete(next.order)) continue
      const { where, run } = next
      if (where !== undefined && where.frozenUntil > this.now) {
        this.at(where.frozenUntil, run, where)
        continue
      }
      if (where === undefined) run()
      else this.on(where, run)
      await this.settle()
      look()
    }
    this.now = Math.max(this.now, end)
  }

  /** Lets everything happen that follows without time passing. */
  settle(): Promise<void> {
    return new Promise((resolve) => realSetImmediate(resolve))
  }

  /** Puts timers and chance of the whole process under this world until the returned function is called. */
  install(): () => void {
    const { setTimeout, clearTimeout } = globalThis
    const { random } = Math
    const orders = new WeakMap<object, number>()
    globalThis.setTimeout = ((run: () => void, ms = 0) => {
      const machine = here.getStore()
      if (machine === undefined) return setTimeout(run, ms)
      const timer = { unref: () => timer, ref: () => timer }
      // Whole ms, and never early by the machine's own clock.
      orders.set(timer, this.at(this.now + Math.max(1, Math.ceil(ms)) / machine.rate, run, machine))
      return timer
    }) as typeof globalThis.setTimeout
    globalThis.clearTimeout = ((timer: object | undefined) => {
      const order = typeof timer === 'object' ? orders.get(timer) : undefined
      if (order === undefined) clearTimeout(timer as never)
      else this.#cancelled.add(order)
    }) as typeof globalThis.clearTimeout
    Math.random = this.random
    return () => {
      Object.assign(globalThis, { setTimeout, clearTimeout })
      Math.random = random
    }
  }
}

/** mulberry32: one seed, one run. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

import type { LockStore, ReleaseWatch, Renewal, Taking } from '../../src/campaign/lock-store.js'
import { ReleaseBell } from '../../src/campaign/release-bell.js'
import { nodeTimeoutMs } from '../../src/campaign/trust-window.js'
import { callOver, type Weather } from './links.js'
import type { Machine, World } from './world.js'

/** The lock server: lets a lock expire by its own clock, which runs up to 1 % faster than the holders'. */
export class LockServer {
  held: { readonly holder: string; readonly until: number } | undefined
  token = 0
  readonly bells = new Map<ReleaseBell, Machine>()

  constructor(
    readonly world: World,
    readonly rate: number,
  ) {}

  get now(): number {
    return this.world.now * this.rate
  }

  current(): string | undefined {
    return this.held !== undefined && this.held.until > this.now ? this.held.holder : undefined
  }
}

/** One process's way to the lock server. */
export class SimulatedStore implements LockStore {
  constructor(
    readonly server: LockServer,
    readonly machine: Machine,
    readonly weather: Weather,
  ) {}

  async take(_resource: string, holder: string, ttlMs: number): Promise<Taking> {
    const { server } = this
    const answer = await this.#call(ttlMs, () => {
      if (server.current() !== undefined) return { won: false, left: (server.held?.until ?? 0) - server.now, token: 0 }
      server.held = { holder, until: server.now + ttlMs }
      server.token += 1
      return { won: true, left: 0, token: server.token }
    })
    if (answer?.won === true) return { won: true, token: answer.token }
    if (answer === undefined) {
      void this.giveBack('', holder, ttlMs)
      return { won: false, split: false, freeInMs: undefined, fault: new Error('no answer') }
    }
    return { won: false, split: false, freeInMs: answer.left, fault: undefined }
  }

  async renew(_resource: string, holder: string, ttlMs: number): Promise<Renewal> {
    const { server } = this
    const answer = await this.#call(ttlMs, () => {
      if (server.current() !== holder) return false
      server.held = { holder, until: server.now + ttlMs }
      return true
    })
    if (answer === undefined) return { state: 'unknown', fault: new Error('no answer') }
    return { state: answer ? 'renewed' : 'lost' }
  }

  async giveBack(_resource: string, holder: string, ttlMs: number): Promise<void> {
    const { server, machine } = this
    await this.#call(ttlMs, () => {
      if (server.held?.holder !== holder) return
      server.held = undefined
      for (const [bell, where] of server.bells) machine.world.at(machine.world.now + 1, () => bell.ring(), where)
    })
  }

  watch(): ReleaseWatch {
    const bell = new ReleaseBell(() => this.server.bells.delete(bell))
    this.server.bells.set(bell, this.machine)
    return bell
  }

  async close(): Promise<void> {}

  #call<T>(ttlMs: number, serve: () => T): Promise<T | undefined> {
    const net = { world: this.machine.world, weather: this.weather }
    return callOver(net, this.machine, { timeoutMs: nodeTimeoutMs(ttlMs), serve })
  }
}

/** The store with the data: mints epochs where it checks them, and moves a schedule on by compare-and-set. */
export class DataServer {
  epoch = 0
  tick = 0
  /** Who leads each epoch. */
  readonly leaders = new Map<number, string>()
  readonly fired: { readonly tick: number; readonly epoch: number }[] = []
  refused = 0

  mint(seen: number, leader: string): number | 'stale' {
    if (seen !== this.epoch) return 'stale'
    this.epoch += 1
    this.leaders.set(this.epoch, leader)
    return this.epoch
  }

  fire(epoch: number, tick: number): 'fired' | 'overtaken' | 'stale' {
    if (epoch < this.epoch) {
      this.refused += 1
      return 'stale'
    }
    if (tick !== this.tick) return 'overtaken'
    this.fired.push({ tick, epoch })
    this.tick += 1
    return 'fired'
  }
}

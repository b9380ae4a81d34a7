import type { Clock } from '@millrace/core'
import type { LockStore, ReleaseWatch, Renewal, Taking } from '../campaign/lock-store.js'
import { ReleaseBell } from '../campaign/release-bell.js'

interface Holding {
  readonly holder: string
  readonly expiresAt: number
}

/** What the coordinators of one name share: who holds what, and who listens. */
export class SharedLocks {
  readonly holdings = new Map<string, Holding>()
  tokens = 0
  readonly bells = new Map<string, Set<ReleaseBell>>()
}

/** Locks in process memory. */
export class MemoryStore implements LockStore {
  readonly #shared: SharedLocks
  readonly #clock: Clock

  constructor(shared: SharedLocks, clock: Clock) {
    this.#shared = shared
    this.#clock = clock
  }

  async take(resource: string, holder: string, ttlMs: number): Promise<Taking> {
    const now = this.#clock.monotonic()
    const holding = this.#shared.holdings.get(resource)
    if (holding !== undefined && holding.expiresAt > now) {
      return { won: false, split: false, freeInMs: holding.expiresAt - now, fault: undefined }
    }
    this.#shared.holdings.set(resource, { holder, expiresAt: now + ttlMs })
    this.#shared.tokens += 1
    return { won: true, token: this.#shared.tokens }
  }

  async renew(resource: string, holder: string, ttlMs: number): Promise<Renewal> {
    const now = this.#clock.monotonic()
    const holding = this.#shared.holdings.get(resource)
    if (holding === undefined || holding.holder !== holder || holding.expiresAt <= now) return { state: 'lost' }
    this.#shared.holdings.set(resource, { holder, expiresAt: now + ttlMs })
    return { state: 'renewed' }
  }

  async giveBack(resource: string, holder: string): Promise<void> {
    if (this.#shared.holdings.get(resource)?.holder !== holder) return
    this.#shared.holdings.delete(resource)
    for (const bell of this.#shared.bells.get(resource) ?? []) bell.ring()
  }

  watch(resource: string): ReleaseWatch {
    const bells = this.#shared.bells.get(resource) ?? new Set()
    this.#shared.bells.set(resource, bells)
    const bell = new ReleaseBell(() => {
      bells.delete(bell)
      if (bells.size === 0 && this.#shared.bells.get(resource) === bells) this.#shared.bells.delete(resource)
    })
    bells.add(bell)
    return bell
  }

  async close(): Promise<void> {}
}

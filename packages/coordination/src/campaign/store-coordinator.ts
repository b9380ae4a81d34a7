import { BrokerUnavailableError, type Clock } from '@millrace/core'
import type { Coordinator, ElectOptions, Lock, LockOptions } from '../coordinator.js'
import { acquireLock, toLock } from './acquire-lock.js'
import { checkResource, checkTtl, checkWait } from './check-lock-options.js'
import { Election } from './election.js'
import type { LockStore } from './lock-store.js'
import { pause } from './pause.js'
import type { Tenure } from './tenure.js'
import { DEFAULT_TTL_MS } from './trust-window.js'

/** How long `close` waits for running terms to settle before it gives their locks back over their heads. */
const CLOSE_GRACE_MS = 2_000

export interface StoreCoordinatorOptions {
  readonly kind: string
  readonly store: LockStore
  readonly clock: Clock
}

/** A coordinator over any `LockStore`. */
export class StoreCoordinator implements Coordinator {
  readonly kind: string
  readonly #store: LockStore
  readonly #clock: Clock
  readonly #closing = new AbortController()
  readonly #elections = new Map<Promise<void>, () => Promise<void>>()
  readonly #tenures = new Set<Tenure>()
  #terms = 0
  #closed: Promise<void> | undefined

  constructor(options: StoreCoordinatorOptions) {
    this.kind = options.kind
    this.#store = options.store
    this.#clock = options.clock
  }

  async elect<Seen>(name: string, options: ElectOptions<Seen>): Promise<void> {
    this.#refuseWhenClosed(`elect '${name}'`)
    const resource = `election:${checkResource('name', name)}`
    const ttlMs = checkTtl('ttlMs', options.ttlMs ?? DEFAULT_TTL_MS)
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    const nextTerm = (): number => {
      this.#terms += 1
      return this.#terms
    }
    const election = new Election<Seen>(
      { store: this.#store, clock: this.#clock, resource, nextTerm },
      {
        candidate: options.candidate,
        ttlMs,
        signal,
        beforeCampaign: async () => options.beforeCampaign(),
        onTerm: async (term, seen) => options.onTerm(term, seen),
        onFault: (error) => options.onFault?.(error),
      },
    )
    const run = election.run()
    this.#elections.set(run, () => election.abandon())
    try {
      await run
    } finally {
      this.#elections.delete(run)
    }
  }

  async lock(key: string, options: LockOptions): Promise<Lock> {
    this.#refuseWhenClosed(`lock '${key}'`)
    const resource = `lock:${checkResource('key', key)}`
    const ttlMs = checkTtl('ttlMs', options.ttlMs)
    const waitMs = checkWait('waitMs', options.waitMs ?? 0)
    const signals = options.signal === undefined ? [] : [options.signal]
    const signal = AbortSignal.any([...signals, this.#closing.signal])
    const tenure = await acquireLock({ store: this.#store, clock: this.#clock, key, resource, ttlMs, waitMs, signal })
    this.#tenures.add(tenure)
    tenure.signal.addEventListener('abort', () => this.#tenures.delete(tenure), { once: true })
    return toLock(key, tenure)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const locks = [...this.#tenures].map((tenure) => tenure.end('the coordinator was closed'))
    this.#closing.abort(new BrokerUnavailableError({ what: 'the coordinator was closed' }))
    const settled = new AbortController()
    await Promise.race([
      Promise.allSettled([...locks, ...this.#elections.keys()]).then(() => settled.abort()),
      pause(CLOSE_GRACE_MS, settled.signal),
    ])
    await Promise.allSettled([...this.#elections.values()].map((abandon) => abandon()))
    await this.#store.close()
  }

  #refuseWhenClosed(what: string): void {
    if (this.#closing.signal.aborted) throw new BrokerUnavailableError({ what: `${what}: the coordinator was closed` })
  }
}

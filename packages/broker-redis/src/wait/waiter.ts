import type { Lane } from '@millrace/broker'
import type { Engine } from '../engine.js'
import type { Keyspace } from '../keyspace.js'
import { appKey, laneKey } from '../keyspace.js'
import type { RedisTarget } from '../link/address.js'
import { isCluster } from '../link/address.js'
import { BlockingLink } from '../link/blocking-link.js'

/**
 * Waits for the one-token lists of lanes: `wake` (work) and `alarm` (time). Whoever takes a token acts on it;
 * a token lost with its taker is made good by polls every 5 s and by the dispatcher's sweep.
 */
export class Waiter {
  readonly #keyspace: Keyspace
  readonly #target: RedisTarget
  readonly #giveBack: (key: string) => void
  readonly #idle: BlockingLink[] = []
  readonly #all = new Set<BlockingLink>()

  constructor(engine: Engine) {
    this.#keyspace = engine.keyspace
    this.#target = engine.target
    const giveBack = (key: string) => {
      engine.link
        .command('rpush', [key, '1'], { what: () => 'return of a wake token', timeoutMs: 2_000 })
        .catch(() => {})
    }
    this.#giveBack = giveBack
  }

  /** True when a token was taken; false after at most 5 s, or when `signal` aborts. Never rejects. */
  wait(lanes: readonly Lane[], list: 'wake' | 'alarm', signal: AbortSignal): Promise<boolean> {
    const keys = lanes.map((lane) => laneKey(this.#keyspace, lane, list))
    if (list === 'alarm') keys.push(appKey(this.#keyspace, 'alarm'))
    if (!isCluster(this.#target)) return this.#pop(keys, signal)
    // In a cluster one pop cannot span slots: a connection per lane, and the first to answer ends the others.
    const first = new AbortController()
    const either = AbortSignal.any([signal, first.signal])
    const pops = keys.map(async (key) => {
      const taken = await this.#pop([key], either)
      if (taken) first.abort()
      return taken
    })
    return Promise.all(pops).then((taken) => taken.some(Boolean))
  }

  close(): void {
    for (const link of this.#all) link.close()
    this.#all.clear()
  }

  #pop(keys: readonly string[], signal: AbortSignal): Promise<boolean> {
    let link = this.#idle.pop()
    if (link === undefined) {
      link = new BlockingLink(this.#target, this.#giveBack)
      this.#all.add(link)
    }
    const used = link
    return used.pop(keys, signal).then((key) => {
      this.#idle.push(used)
      return key !== undefined
    })
  }
}

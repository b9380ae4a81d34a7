import type { Broker, Lane, StoredOutcome } from '@millrace/broker'
import type { Redis } from 'ioredis'
import type { Keyspace } from '../src/keyspace.js'
import { laneKey } from '../src/keyspace.js'

const TOLD_WITHIN_MS = 10_000

/** Waits for the ends of jobs, each registered before anything else happens. */
export class WalkWaits {
  readonly #waits: { id: string; ended: Promise<StoredOutcome | 'gone'> }[] = []
  readonly #stop = new AbortController()

  constructor(private readonly parts: { readonly broker: Broker; readonly raw: Redis; readonly keyspace: Keyspace }) {}

  async begin(lane: Lane, id: string): Promise<void> {
    const { broker, raw, keyspace } = this.parts
    const ended = broker.results.wait({ lane, id }, { signal: this.#stop.signal })
    const watched = { id, ended, over: false }
    const over = () => {
      watched.over = true
    }
    ended.then(over, over)
    while (!watched.over && (await raw.hexists(laneKey(keyspace, lane, 'waiters'), id)) === 0) {}
    this.#waits.push(watched)
  }

  /** Every job has ended by now: whoever waits was told how, or is soon. Throws otherwise. */
  async mustBeTold(): Promise<void> {
    const open = await Promise.all(
      this.#waits.map(async ({ id, ended }) => [id, await Promise.race([ended, soon()])] as const),
    )
    this.#stop.abort()
    await Promise.allSettled(this.#waits.map(({ ended }) => ended))
    for (const [id, outcome] of open)
      if (outcome === 'pending' || outcome === 'gone') throw new Error(`the waiter of ${id} is told: ${outcome}`)
  }
}

async function soon(): Promise<'pending'> {
  await new Promise((resolve) => setTimeout(resolve, TOLD_WITHIN_MS).unref())
  return 'pending'
}

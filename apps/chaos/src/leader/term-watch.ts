import type { Redis } from 'ioredis'
import type { StoredTerm } from '../check/check-terms.js'
import { prefixOfLane, termKey, termsKey } from '../check/store-keys.js'
import { until } from '../run/until.js'

/** Reads who leads from the store itself, and keeps every term that it sees: the store remembers the last hundred only. */
export class TermWatch {
  readonly #seen = new Map<number, StoredTerm>()

  constructor(
    private readonly redis: Redis,
    private readonly app: string,
  ) {}

  /** Oldest first, in the order in which the store lists them. */
  get stored(): readonly StoredTerm[] {
    return [...this.#seen.values()]
  }

  /** The present term, also one that is over. Epoch 0: none yet. */
  async present(): Promise<StoredTerm> {
    const [now, before] = await Promise.all([
      this.redis.hgetall(termKey(this.app)),
      this.redis.lrange(termsKey(this.app), 0, -1),
    ])
    for (const line of before.reverse()) {
      const [epoch = '0', , , ...leader] = line.split(' ')
      this.#note({ epoch: Number(epoch), pid: pidOf(leader.join(' ')) })
    }
    const present = { epoch: Number(now.epoch ?? 0), pid: pidOf(now.leader) }
    if (present.epoch > 0) this.#note(present)
    return present
  }

  /** Waits until there is or was a term after `epoch` of one of `pids`, however short. */
  async succession(epoch: number, pids: () => readonly number[], timeoutMs = 60_000): Promise<StoredTerm> {
    let found: StoredTerm = { epoch: 0, pid: 0 }
    await until(
      `a term after ${epoch}`,
      async () => {
        await this.present()
        const next = this.stored.findLast((term) => term.epoch > epoch && pids().includes(term.pid))
        found = next ?? found
        return next !== undefined
      },
      timeoutMs,
    )
    return found
  }

  /** Waits until a lane knows of a term: what an older leader still sends to it is refused from then on. */
  async knownTo(queue: string, epoch: number): Promise<void> {
    const meta = `${prefixOfLane(this.app, queue)}meta`
    await until(`the lane knows epoch ${epoch}`, async () => Number(await this.redis.hget(meta, 'epoch')) >= epoch)
  }

  #note(term: StoredTerm): void {
    if (!this.#seen.has(term.epoch)) this.#seen.set(term.epoch, term)
  }
}

function pidOf(leader: string | undefined): number {
  return (JSON.parse(leader ?? '{"pid":0}') as { pid: number }).pid
}

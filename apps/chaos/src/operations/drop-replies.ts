import { ScriptVerbs, type Verb } from '../proxy/script-verbs.js'
import type { TcpProxy } from '../proxy/tcp-proxy.js'
import type { SeededRandom } from '../run/seeded-random.js'

/** What can be aimed at: one verb of the product, or what an exchange is for. */
export const DROPPED = ['enqueue', 'reserve', 'end-ahead', 'settle', 'heartbeat'] as const
export type Dropped = (typeof DROPPED)[number]

const SHARE = 0.25

/** Delivers requests and loses their replies with the connection: a quarter of those aimed at, which ones is in the seed. */
export class ReplyDropper {
  /** Replies lost so far. An exchange that settles and reserves counts for both when its reply is lost. */
  readonly lost: Record<Dropped, number> = { enqueue: 0, reserve: 0, 'end-ahead': 0, settle: 0, heartbeat: 0 }
  #aim: Dropped | undefined

  constructor(proxies: readonly TcpProxy[], random: SeededRandom) {
    const verbs = new ScriptVerbs()
    const schedules = new Map(DROPPED.map((name) => [name, random.fork(name)]))
    for (const proxy of proxies) {
      proxy.loseReplies((request) => {
        const met = dropsOf(verbs.of(request))
        if (this.#aim === undefined || !met.includes(this.#aim)) return false
        if ((schedules.get(this.#aim)?.next() ?? 1) >= SHARE) return false
        for (const name of met) this.lost[name]++
        return true
      })
    }
  }

  /** `undefined`: nothing is lost. */
  aim(at: Dropped | undefined): void {
    this.#aim = at
  }
}

function dropsOf(verb: Verb | undefined): readonly Dropped[] {
  if (verb === undefined) return []
  if (verb.name !== 'exchange') return [verb.name]
  return [...(verb.settles ? (['settle'] as const) : []), ...(verb.reserves ? (['reserve'] as const) : [])]
}

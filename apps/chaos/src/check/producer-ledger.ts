import { openSync, writeSync } from 'node:fs'

/** What a job is expected to end as. */
export type Fate = 'succeeds' | 'fails'

export interface Produced {
  readonly id: string
  /** When the call was answered, ms since the epoch. */
  readonly at: number
  readonly fate: Fate
  /** Its output (its token) is kept: its end can be read one by one. */
  readonly kept: boolean
  /** What its handler puts on record beside the id. */
  readonly key?: string
}

/** The producers' own record: what was acknowledged, and what nobody knows. Appended to a file before anything goes on. */
export class ProducerLedger {
  readonly acknowledged = new Map<string, Produced>()
  /** Calls whose outcome stayed unknown: their jobs may exist once, or not at all. */
  readonly unknown = new Map<string, Produced>()
  /** Jobs that are known by key only, not by id; all of them keep their outcome. */
  readonly keys = new Map<string, { readonly certain: boolean; readonly at: number }>()
  /** Acknowledged to a store that was emptied since: gone, and may still be executed by whom held them. */
  readonly voided = new Set<string>()
  /** Jobs of calls that were refused: must not exist. Their ids are not known where the product made them. */
  refused = 0
  lastRefusal: unknown
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  acknowledge(ids: readonly string[], what: Omit<Produced, 'id' | 'at'>): void {
    writeSync(this.#file, ids.map((id) => `A ${id}\n`).join(''))
    const at = Date.now()
    for (const id of ids) {
      const known = this.acknowledged.get(id)
      // The holder of a unique key is the answer to each call that asks for it.
      if (known !== undefined && (known.key === undefined || known.key !== what.key)) {
        throw new Error(`the same id was acknowledged twice: ${id}`)
      }
      this.acknowledged.set(id, { id, at, ...what })
      this.unknown.delete(id)
    }
  }

  leaveUnknown(ids: readonly string[], what: Omit<Produced, 'id' | 'at'>): void {
    writeSync(this.#file, ids.map((id) => `U ${id}\n`).join(''))
    const at = Date.now()
    for (const id of ids) {
      if (!this.acknowledged.has(id)) this.unknown.set(id, { id, at, ...what })
    }
  }

  expectKeys(keys: readonly string[], how: 'certain' | 'unknown'): void {
    if (keys.length === 0) return
    writeSync(this.#file, keys.map((key) => `${how === 'certain' ? 'K' : 'Q'} ${key}\n`).join(''))
    const at = Date.now()
    for (const key of keys) this.keys.set(key, { certain: how === 'certain', at })
  }

  /** The store has been emptied: nothing of what it acknowledged can be asked of it any more. */
  voidAll(): void {
    for (const id of [...this.acknowledged.keys(), ...this.unknown.keys()]) this.voided.add(id)
    for (const key of this.keys.keys()) this.voided.add(key)
    this.acknowledged.clear()
    this.unknown.clear()
    this.keys.clear()
  }

  /** Jobs that were asked for, whatever became of the call, but for those that were refused. */
  get size(): number {
    return this.acknowledged.size + this.unknown.size + this.keys.size + this.voided.size
  }

  attempted(id: string): boolean {
    return this.acknowledged.has(id) || this.unknown.has(id) || this.voided.has(id)
  }
}

import { openSync, writeSync } from 'node:fs'

/** What a job is expected to end as. */
export type Fate = 'succeeds' | 'fails'

export interface Produced {
  readonly id: string
  readonly fate: Fate
  /** Its output (its token) is kept: its end can be read one by one. */
  readonly kept: boolean
}

/** The producers' own record: what was acknowledged, and what nobody knows. Appended to a file before anything goes on. */
export class ProducerLedger {
  readonly acknowledged = new Map<string, Produced>()
  /** Calls whose outcome stayed unknown: their jobs may exist once, or not at all. */
  readonly unknown = new Map<string, Produced>()
  /** Jobs of calls that were refused: must not exist. Their ids are not known where the product made them. */
  refused = 0
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  acknowledge(ids: readonly string[], what: Omit<Produced, 'id'>): void {
    writeSync(this.#file, ids.map((id) => `A ${id}\n`).join(''))
    for (const id of ids) {
      if (this.acknowledged.has(id)) throw new Error(`the same id was acknowledged twice: ${id}`)
      this.acknowledged.set(id, { id, ...what })
      this.unknown.delete(id)
    }
  }

  leaveUnknown(ids: readonly string[], what: Omit<Produced, 'id'>): void {
    writeSync(this.#file, ids.map((id) => `U ${id}\n`).join(''))
    for (const id of ids) this.unknown.set(id, { id, ...what })
  }

  attempted(id: string): Produced | undefined {
    return this.acknowledged.get(id) ?? this.unknown.get(id)
  }
}

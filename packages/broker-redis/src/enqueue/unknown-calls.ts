/** A call of a session that got no answer. */
export interface UnknownCall {
  readonly session: string
  readonly number: number
  readonly args: string[]
  readonly ids: readonly string[]
}

/** Calls remembered at most; the oldest is forgotten first. A batch is at most 4 MiB. */
const MAX_CALLS = 64

/**
 * Calls whose fate stayed unknown. Who calls again with one of their ids gets it answered from the session of the first call, so
 * that even a job with a generated id, which no lane remembers after its end, is not made twice.
 */
export class UnknownCalls {
  readonly #byId = new Map<string, UnknownCall>()
  readonly #calls = new Set<UnknownCall>()

  remember(call: UnknownCall): void {
    this.#calls.add(call)
    for (const id of call.ids) this.#byId.set(id, call)
    const [oldest] = this.#calls
    if (this.#calls.size > MAX_CALLS && oldest !== undefined) this.forget(oldest)
  }

  /** The calls that carried any of these ids. */
  with(ids: Iterable<string>): readonly UnknownCall[] {
    if (this.#calls.size === 0) return []
    const found = new Set<UnknownCall>()
    for (const id of ids) {
      const call = this.#byId.get(id)
      if (call !== undefined) found.add(call)
    }
    return [...found]
  }

  forget(call: UnknownCall): void {
    this.#calls.delete(call)
    for (const id of call.ids) if (this.#byId.get(id) === call) this.#byId.delete(id)
  }

  get size(): number {
    return this.#calls.size
  }
}

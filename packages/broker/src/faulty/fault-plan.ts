/**
 * What happens to a call.
 *
 * `refuse`: rejects with `BrokerUnavailableError`; nothing was done.
 * `hang`: is not done, and not answered, until the fault is cleared (then it is done) or the call's `timeoutMs` or `signal` ends it.
 * `lose-reply`: is done, and rejects with `OutcomeUnknownError`.
 * `hang-reply`: is done, and not answered until the fault is cleared or the call is ended.
 */
export type Fault = 'refuse' | 'hang' | 'lose-reply' | 'hang-reply'

interface Planned {
  readonly fault: Fault
  left: number
}

/** The faults to come, by verb, and what was called so far. */
export class FaultPlan<Verb extends string> {
  readonly #planned = new Map<Verb, Planned[]>()
  readonly #calls = new Map<Verb, number>()
  readonly #hanging = new Map<Verb, Set<() => void>>()

  /** Plans a fault for the next calls of a verb, after those planned already. `times`: how many; default 1. */
  inject(verb: Verb, fault: Fault, times = 1): void {
    this.#planned.set(verb, [...(this.#planned.get(verb) ?? []), { fault, left: times }])
  }

  /** Forgets what is planned and lets go what hangs; of all verbs unless one is named. */
  clear(verb?: Verb): void {
    const verbs = verb === undefined ? new Set([...this.#planned.keys(), ...this.#hanging.keys()]) : [verb]
    for (const each of verbs) {
      this.#planned.delete(each)
      const hanging = this.#hanging.get(each) ?? []
      this.#hanging.delete(each)
      for (const letGo of hanging) letGo()
    }
  }

  /** How often the verb was called, faults included. */
  calls(verb: Verb): number {
    return this.#calls.get(verb) ?? 0
  }

  /** How many calls of the verb hang now. */
  hanging(verb: Verb): number {
    return this.#hanging.get(verb)?.size ?? 0
  }

  /** Counts a call and says what becomes of it. */
  next(verb: Verb): Fault | undefined {
    this.#calls.set(verb, this.calls(verb) + 1)
    const planned = this.#planned.get(verb)
    const [first] = planned ?? []
    if (planned === undefined || first === undefined) return undefined
    first.left -= 1
    if (first.left <= 0) planned.shift()
    return first.fault
  }

  /** Resolves when the verb is cleared, rejects with `giveUp`'s reason when that comes first. */
  hang(verb: Verb, giveUp: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const hanging = this.#hanging.get(verb) ?? new Set()
      this.#hanging.set(verb, hanging)
      const letGo = () => {
        giveUp.removeEventListener('abort', aborted)
        resolve()
      }
      const aborted = () => {
        hanging.delete(letGo)
        reject(giveUp.reason)
      }
      if (giveUp.aborted) return reject(giveUp.reason)
      hanging.add(letGo)
      giveUp.addEventListener('abort', aborted, { once: true })
    })
  }
}

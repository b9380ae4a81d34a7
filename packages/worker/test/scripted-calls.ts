export type SeatCall = 'join' | 'exchange' | 'begin' | 'heartbeat' | 'reconcile' | 'leave' | 'announce' | 'waitForWork'
/** What happens to the next calls of a kind: an error to reject with, `hang`, `loseReply` (it is done, but nobody hears), or something just before. */
export type Fault =
  | { readonly reject: () => Error }
  | 'hang'
  | { readonly loseReply: () => Error }
  | { readonly before: () => void }

/** Answers calls a turn later, unless a test has said what else becomes of them. */
export class ScriptedCalls {
  readonly faults: { call: SeatCall; fault: Fault }[] = []
  mostInFlight = 0
  #inFlight = 0

  answer<T>(kind: SeatCall, act: () => T): Promise<T> {
    const index = this.faults.findIndex((one) => one.call === kind)
    const fault = index < 0 ? undefined : this.faults.splice(index, 1)[0]?.fault
    if (fault === 'hang') return new Promise(() => undefined)
    if (fault !== undefined && 'reject' in fault) return Promise.reject(fault.reject())
    this.#inFlight += 1
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight)
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#inFlight -= 1
        try {
          if (fault !== undefined && 'before' in fault) fault.before()
          const value = act()
          if (fault === undefined || 'before' in fault) resolve(value)
          else reject(fault.loseReply())
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}

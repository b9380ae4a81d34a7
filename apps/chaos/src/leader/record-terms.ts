import { type App, StaleEpochError } from 'millrace'
import type { TermLedger } from './term-ledger.js'

type Broker = Awaited<ReturnType<App['broker']>>
type Call = (...args: unknown[]) => Promise<unknown>

/** Calls that carry an epoch, with the place of it among their arguments. */
const DISPATCH = { promoteDue: 1, reclaimExpired: 1, drainOutbox: 1, trim: 1, agenda: 1, endTerm: 0 } as const
const SCHEDULES = { agenda: 0, fire: 0, deliveries: 0, delivered: 0 } as const
/** The writes at which a process can be told to freeze. */
const WRITES: ReadonlySet<string> = new Set(['promoteDue', 'fire'])

export interface TermRecorder {
  readonly ledger: TermLedger
  /** Whether the write that is about to go out is the one to freeze at. */
  freezesNow(): boolean
  /** Whether a leader of this name leads by our hook, without the lock. */
  isUsurper(candidate: string): boolean
}

/** The same broker, with every call that a dispatcher makes under an epoch put on record before it is made. */
export function recordTerms(broker: Broker, recorder: TermRecorder): Broker {
  const { ledger } = recorder
  const fenced = (verb: string, call: Call, at: number): Call => {
    return async (...args) => {
      const epoch = Number(args[at])
      ledger.call(epoch, verb)
      if (WRITES.has(verb) && recorder.freezesNow()) freeze()
      try {
        return await call(...args)
      } catch (error) {
        if (error instanceof StaleEpochError) ledger.refused(epoch, verb)
        throw error
      }
    }
  }
  const dispatch = withVerbs(broker.dispatch, DISPATCH, fenced)
  dispatch.mintEpoch = async (seen, leader, options) => {
    const askedAt = Date.now()
    const epoch = await broker.dispatch.mintEpoch(seen, leader, options)
    ledger.began(epoch, { usurped: recorder.isUsurper(leader.candidate), askedAt })
    return epoch
  }
  const { schedules } = broker
  return new Proxy(broker, {
    get(target, name) {
      if (name === 'dispatch') return dispatch
      if (name === 'schedules') return schedules && withVerbs(schedules, SCHEDULES, fenced)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function withVerbs<Port extends object>(
  port: Port,
  verbs: Readonly<Record<string, number>>,
  fenced: (verb: string, call: Call, at: number) => Call,
): { -readonly [K in keyof Port]: Port[K] } {
  const own: Record<string, Call> = {}
  for (const [verb, at] of Object.entries(verbs)) {
    const call = (port as Record<string, Call>)[verb] as Call
    own[verb] = fenced(verb, call.bind(port), at)
  }
  return new Proxy(port, {
    get(target, name) {
      if (typeof name === 'string' && own[name] !== undefined) return own[name]
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set(_, name, value: Call) {
      own[String(name)] = value
      return true
    },
  })
}

/** Stops this process right here. The signal may take effect a moment later; until then nothing goes on. */
function freeze(): void {
  const before = performance.now()
  process.kill(process.pid, 'SIGSTOP')
  while (performance.now() - before < 20);
}

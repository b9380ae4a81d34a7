import { BrokerUnavailableError, OutcomeUnknownError } from '@millrace/core'
import type { Broker } from '../ports/broker.js'
import type { CallOptions } from '../ports/call.js'
import type { ConsumerPort, Seat } from '../ports/consumer.js'
import type { ControlPort } from '../ports/control.js'
import type { DispatchPort } from '../ports/dispatch.js'
import type { InspectPort } from '../ports/inspect.js'
import type { ProducerPort } from '../ports/producer.js'
import type { ResultsPort } from '../ports/results.js'
import type { SchedulesPort } from '../ports/schedules.js'
import type { SignInsPort } from '../ports/sign-ins.js'
import { FaultPlan } from './fault-plan.js'

type Verbs<Role extends string, Port> = `${Role}.${{
  [Name in keyof Port]: Port[Name] extends (...args: never[]) => Promise<unknown> ? Name : never
}[keyof Port] &
  string}`

/** Every call that can be made to fail, e.g. `producer.enqueue`, `seat.exchange`. */
export type BrokerVerb =
  | Verbs<'producer', ProducerPort>
  | Verbs<'consumer', ConsumerPort>
  | Verbs<'seat', Seat>
  | Verbs<'dispatch', DispatchPort>
  | Verbs<'results', ResultsPort>
  | Verbs<'control', ControlPort>
  | Verbs<'inspect', InspectPort>
  | Verbs<'signIns', SignInsPort>
  | Verbs<'schedules', SchedulesPort>

export interface FaultyBroker extends Broker {
  readonly faults: FaultPlan<BrokerVerb>
}

/** The ports' default for `timeoutMs`. */
const DEFAULT_TIMEOUT_MS = 10_000

/**
 * The same broker with calls that can be told to fail, for tests of what stands before it. `waitForWork` and
 * `waitForAlarm`, which never reject for a lost connection, only know `hang`. Heartbeats of a lease keeper thread
 * go around it: `heartbeatModule` is `undefined`, so that `seat.heartbeat` carries them.
 */
export function faultyBroker(inner: Broker): FaultyBroker {
  const faults = new FaultPlan<BrokerVerb>()
  const wrap = <Port extends object>(role: string, port: Port): Port => faultyPort(faults, role, port)
  const consumer = wrap('consumer', inner.consumer)
  const hearCommands = inner.consumer.hearCommands?.bind(inner.consumer)
  return {
    kind: inner.kind,
    shared: inner.shared,
    faults,
    producer: wrap('producer', inner.producer),
    consumer: {
      join: async (...args) => wrap('seat', await consumer.join(...args)),
      waitForWork: (...args) => consumer.waitForWork(...args),
      announce: (...args) => consumer.announce(...args),
      ...(hearCommands !== undefined && { hearCommands }),
      countDurations: (...args) => consumer.countDurations(...args),
      retire: (...args) => consumer.retire(...args),
      heartbeatModule: () => undefined,
    },
    dispatch: wrap('dispatch', inner.dispatch),
    results: wrap('results', inner.results),
    control: wrap('control', inner.control),
    inspect: wrap('inspect', inner.inspect),
    signIns: wrap('signIns', inner.signIns),
    ...(inner.schedules !== undefined && { schedules: wrap('schedules', inner.schedules) }),
    close: () => inner.close(),
  }
}

function faultyPort<Port extends object>(faults: FaultPlan<BrokerVerb>, role: string, port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || typeof name !== 'string') return value
      const call = (...args: unknown[]): Promise<unknown> => Promise.resolve(Reflect.apply(value, target, args))
      return (...args: unknown[]) => play(faults, `${role}.${name}` as BrokerVerb, { call, args })
    },
  })
}

async function play(
  faults: FaultPlan<BrokerVerb>,
  verb: BrokerVerb,
  { call, args }: { readonly call: (...args: unknown[]) => Promise<unknown>; readonly args: readonly unknown[] },
): Promise<unknown> {
  const fault = faults.next(verb)
  if (fault === undefined) return call(...args)
  if (fault === 'refuse') throw new BrokerUnavailableError({ what: `${verb} was told to refuse` })
  if (fault === 'lose-reply') {
    await call(...args)
    throw new OutcomeUnknownError({ what: verb })
  }
  const done = fault === 'hang-reply' ? await call(...args) : undefined
  const limit = limitOf(args)
  const what = `${verb} was told to hang`
  const late = fault === 'hang' ? new BrokerUnavailableError({ what }) : new OutcomeUnknownError({ what: verb })
  const timedOut = new AbortController()
  const timer = limit.timeoutMs === undefined ? undefined : setTimeout(() => timedOut.abort(late), limit.timeoutMs)
  try {
    await faults.hang(
      verb,
      limit.signal === undefined ? timedOut.signal : AbortSignal.any([limit.signal, timedOut.signal]),
    )
  } finally {
    clearTimeout(timer)
  }
  return fault === 'hang' ? call(...args) : done
}

/** Who may end the call, and when: the trailing options, or the trailing signal of the waiting calls (without a timeout). */
function limitOf(args: readonly unknown[]): {
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal | undefined
} {
  const last = args.at(-1)
  if (last instanceof AbortSignal) return { timeoutMs: undefined, signal: last }
  const options: CallOptions = typeof last === 'object' && last !== null ? last : {}
  return { timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal: options.signal }
}

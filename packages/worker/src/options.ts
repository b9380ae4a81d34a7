import {
  type Clock,
  checkName,
  checkOptions,
  type Duration,
  InvalidOptionError,
  parseDuration,
  systemClock,
} from '@millrace/core'
import { systemTimers, type TimerSource } from './timer-source.js'
import type { WorkerEvent } from './worker-event.js'

/** What the user writes. */
export interface WorkerOptions {
  /**
   * Names, or name → weight (a positive number): a queue of weight 3 gets three times the slots of one of weight 1 while
   * both have work. Default: every queue that a registered task uses, equal weights.
   */
  readonly queues?: readonly string[] | Readonly<Record<string, number>>
  /** Serve the queues in the order given: a later one only while the earlier ones are empty. Default false. */
  readonly strict?: boolean
  /** Handlers that run at once in this process, 1…10,000. Default 100. Lower wastes waiting time, higher memory. */
  readonly concurrency?: number
  /** How long jobs stay this worker's without a sign of life. Default '10s'. Shorter: faster recovery, more false ones. */
  readonly lease?: Duration
  /** How often the lease is renewed while jobs are held. Default a third of the lease. */
  readonly heartbeat?: Duration
  /** The main thread may be blocked this long before its leases are let go. Default '5m'. */
  readonly maxBlock?: Duration
  /** What `stop()` gives running handlers to finish. Default '30s'. */
  readonly grace?: Duration
  /** `start()` rejects with `BrokerUnavailableError` after this long without a broker. Default: it tries for ever. */
  readonly startTimeout?: Duration
  /** Stop on SIGTERM and SIGINT (a second one releases at once). Default false: the process is yours. */
  readonly signals?: boolean
  /** Told what happens; costs nothing when unset. Must not block. */
  readonly onEvent?: (event: WorkerEvent) => void
  /** Knobs for tests. */
  readonly test?: WorkerTestOptions
}

export interface WorkerTestOptions {
  readonly clock?: Clock
  readonly timers?: TimerSource
  readonly random?: () => number
  /** Handlers get this long after their signal aborted before their slot is freed, ms. Default 1,000. */
  readonly leakAfterMs?: number
  /** Ms between two announcements. Default 3,000. */
  readonly announceMs?: number
}

export interface QueueShare {
  readonly queue: string
  readonly weight: number
}

/** What the code reads: every default filled in, every duration in ms. */
export interface ResolvedWorkerOptions {
  /** In the order given. `undefined`: ask the registry at start. */
  readonly queues: readonly QueueShare[] | undefined
  readonly strict: boolean
  readonly concurrency: number
  readonly leaseMs: number
  readonly heartbeatMs: number
  readonly maxBlockMs: number
  readonly graceMs: number
  readonly startTimeoutMs: number | undefined
  readonly signals: boolean
  readonly onEvent: ((event: WorkerEvent) => void) | undefined
  readonly clock: Clock
  readonly timers: TimerSource
  readonly random: () => number
  readonly leakAfterMs: number
  readonly announceMs: number
}

const DEFAULTS = {
  strict: false,
  concurrency: 100,
  lease: '10s',
  maxBlock: '5m',
  grace: '30s',
  signals: false,
  leakAfterMs: 1_000,
  announceMs: 3_000,
} as const

const KNOWN = [
  'queues',
  'strict',
  'concurrency',
  'lease',
  'heartbeat',
  'maxBlock',
  'grace',
  'startTimeout',
  'signals',
  'onEvent',
  'test',
] as const satisfies readonly (keyof WorkerOptions)[]

export const MAX_CONCURRENCY = 10_000
const MIN_LEASE_MS = 100

/** Fills in the defaults. Throws `InvalidOptionError`, `InvalidNameError`. */
export function resolveWorkerOptions(given: WorkerOptions = {}): ResolvedWorkerOptions {
  checkOptions(given, 'worker', KNOWN)
  const leaseMs = parseDuration(given.lease ?? DEFAULTS.lease, 'lease')
  if (leaseMs < MIN_LEASE_MS)
    throw new InvalidOptionError({ option: 'lease', found: given.lease, expected: `at least ${MIN_LEASE_MS} ms` })
  const heartbeatMs =
    given.heartbeat === undefined ? Math.floor(leaseMs / 3) : parseDuration(given.heartbeat, 'heartbeat')
  if (heartbeatMs < 1 || heartbeatMs > leaseMs / 2) {
    throw new InvalidOptionError({
      option: 'heartbeat',
      found: given.heartbeat,
      expected: `1 ms to half the lease (${leaseMs / 2} ms)`,
    })
  }
  const maxBlockMs = parseDuration(given.maxBlock ?? DEFAULTS.maxBlock, 'maxBlock')
  if (maxBlockMs < leaseMs) {
    throw new InvalidOptionError({
      option: 'maxBlock',
      found: given.maxBlock,
      expected: `at least the lease (${leaseMs} ms)`,
    })
  }
  const test = given.test ?? {}
  return {
    queues: resolveQueues(given.queues),
    strict: checkBoolean('strict', given.strict ?? DEFAULTS.strict),
    concurrency: checkConcurrency(given.concurrency ?? DEFAULTS.concurrency),
    leaseMs,
    heartbeatMs,
    maxBlockMs,
    graceMs: parseDuration(given.grace ?? DEFAULTS.grace, 'grace'),
    startTimeoutMs: given.startTimeout === undefined ? undefined : parseDuration(given.startTimeout, 'startTimeout'),
    signals: checkBoolean('signals', given.signals ?? DEFAULTS.signals),
    onEvent: guarded(checkFunction('onEvent', given.onEvent)),
    clock: test.clock ?? systemClock,
    timers: test.timers ?? systemTimers,
    random: test.random ?? Math.random,
    leakAfterMs: test.leakAfterMs ?? DEFAULTS.leakAfterMs,
    announceMs: test.announceMs ?? DEFAULTS.announceMs,
  }
}

/** Refuses what is no whole number from 1 to 10,000. */
export function checkConcurrency(found: unknown): number {
  if (typeof found === 'number' && Number.isInteger(found) && found >= 1 && found <= MAX_CONCURRENCY) return found
  throw new InvalidOptionError({
    option: 'concurrency',
    found,
    expected: `a whole number from 1 to ${MAX_CONCURRENCY}`,
  })
}

function resolveQueues(given: WorkerOptions['queues']): readonly QueueShare[] | undefined {
  if (given === undefined) return undefined
  const shares = Array.isArray(given) ? given.map((queue) => share(queue, 1)) : sharesOfRecord(given)
  if (shares.length === 0)
    throw new InvalidOptionError({ option: 'queues', found: given, expected: 'at least one queue' })
  const names = new Set(shares.map((one) => one.queue))
  if (names.size !== shares.length)
    throw new InvalidOptionError({ option: 'queues', found: given, expected: 'each queue once' })
  return shares
}

function sharesOfRecord(given: unknown): QueueShare[] {
  if (typeof given !== 'object' || given === null) {
    throw new InvalidOptionError({ option: 'queues', found: given, expected: 'names, or an object of name → weight' })
  }
  return Object.entries(given).map(([queue, weight]) => share(queue, weight))
}

function share(queue: unknown, weight: unknown): QueueShare {
  if (typeof weight !== 'number' || !Number.isFinite(weight) || weight <= 0) {
    throw new InvalidOptionError({ option: `queues.${String(queue)}`, found: weight, expected: 'a weight above 0' })
  }
  return { queue: checkName('queue', queue), weight }
}

function checkBoolean(option: string, found: unknown): boolean {
  if (typeof found === 'boolean') return found
  throw new InvalidOptionError({ option, found, expected: 'true or false' })
}

function checkFunction<F>(option: string, found: F | undefined): F | undefined {
  if (found === undefined || typeof found === 'function') return found
  throw new InvalidOptionError({ option, found, expected: 'a function' })
}

/** An observer that throws is the observer's problem: it is reported as an uncaught error, outside of the worker. */
function guarded(observe: ((event: WorkerEvent) => void) | undefined): ((event: WorkerEvent) => void) | undefined {
  if (observe === undefined) return undefined
  return (event) => {
    try {
      observe(event)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

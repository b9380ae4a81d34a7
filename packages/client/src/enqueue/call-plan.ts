import type { JobAttrs, UniqueAttr } from '@millrace/broker'
import {
  checkJobId,
  checkOptions,
  InvalidOptionError,
  laneOfJobId,
  laneOfKey,
  type MessageExtras,
  parseDuration,
  type TaskDefinition,
} from '@millrace/core'
import {
  ENQUEUE_MANY_OPTIONS,
  ENQUEUE_OPTIONS,
  type EnqueueOptions,
  UNIQUE_OPTIONS,
  type UniqueOptions,
} from '../ports/enqueue-options.js'
import { checkHeaders } from './check-headers.js'

/** A call's options, checked once for however many jobs it makes. */
export interface CallPlan {
  readonly attrs: JobAttrs | undefined
  readonly extras: MessageExtras | undefined
  /** The caller's id; `undefined`: generated. */
  readonly id: string | undefined
  /** The lane by id or key; `undefined`: any. */
  readonly laneIndex: number | undefined
  readonly throwOnConflict: boolean
}

export interface CallPlanScope {
  readonly definition: TaskDefinition
  readonly lanes: number
  /** Name of the app's codec, where it has one. */
  readonly codec: string | undefined
}

const UNIQUE_KEY_BYTES = 512
const MAX_KEY_CHARACTERS = 1_024
const MAX_PRIORITY = 100
/** The driver's own default: a job of this many crashes is poison without being told. */
const DEFAULT_MAX_CRASHES = 3

/**
 * Turns options into what each job of the call carries. Throws `InvalidOptionError`, `InvalidNameError`,
 * `PayloadTooLargeError`. `many`: `id` and `unique` name one job and are refused.
 */
export function planCall(scope: CallPlanScope, options: EnqueueOptions | undefined, many = false): CallPlan {
  const given: EnqueueOptions =
    options === undefined
      ? {}
      : checkOptions(options, many ? 'enqueueMany' : 'enqueue', many ? ENQUEUE_MANY_OPTIONS : ENQUEUE_OPTIONS)
  const id = given.id === undefined ? undefined : checkJobId(given.id)
  const key = checkKey(given.key)
  return {
    attrs: resolveAttrs(scope.definition, given),
    extras: resolveExtras(scope.codec, given),
    id,
    laneIndex: resolveLane(scope.lanes, id, key ?? given.unique?.key),
    throwOnConflict: given.unique?.onConflict === 'throw',
  }
}

function resolveLane(lanes: number, id: string | undefined, key: string | undefined): number | undefined {
  if (id !== undefined) return laneOfJobId(id, lanes)
  return key === undefined ? undefined : laneOfKey(key, lanes)
}

function resolveExtras(codec: string | undefined, given: EnqueueOptions): MessageExtras | undefined {
  const headers = checkHeaders(given.headers)
  const timeoutMs = positive(given.timeout, 'timeout')
  if (headers === undefined && timeoutMs === undefined && codec === undefined) return undefined
  return {
    ...(headers !== undefined && { headers }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(codec !== undefined && { codec }),
  }
}

function resolveAttrs(definition: TaskDefinition, given: EnqueueOptions): JobAttrs | undefined {
  const { policy } = definition
  const attrs: { -readonly [K in keyof JobAttrs]: JobAttrs[K] } = {}
  if (given.id !== undefined) attrs.named = true
  if (given.delay !== undefined && given.at !== undefined) {
    throw new InvalidOptionError({ option: 'at', found: given.at, expected: 'at most one of delay and at' })
  }
  if (given.delay !== undefined) {
    const delayMs = parseDuration(given.delay, 'delay')
    if (delayMs > 0) attrs.delayMs = delayMs
  }
  if (given.at !== undefined) attrs.at = checkInstant(given.at)
  const priority = checkPriority(given.priority)
  if (priority !== 0) attrs.priority = priority
  if (given.unique !== undefined) attrs.unique = resolveUnique(definition.name, given.unique)
  const expiresMs = positive(given.expires, 'expires') ?? policy.expiresMs
  if (expiresMs !== undefined) attrs.expiresMs = expiresMs
  if (policy.delivery === 'at-most-once') attrs.atMostOnce = true
  else if (policy.maxCrashes !== DEFAULT_MAX_CRASHES) attrs.maxCrashes = policy.maxCrashes
  for (const _ in attrs) return attrs
  return undefined
}

function positive(value: EnqueueOptions['expires'], option: string): number | undefined {
  if (value === undefined) return undefined
  const ms = parseDuration(value, option)
  if (ms > 0) return ms
  throw new InvalidOptionError({ option, found: value, expected: 'at least 1 ms, or leave it out' })
}

function checkInstant(at: unknown): number {
  const ms = at instanceof Date ? at.getTime() : at
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ms <= 8.64e15) return Math.round(ms)
  throw new InvalidOptionError({ option: 'at', found: at, expected: 'a valid Date, or ms since the epoch' })
}

function checkPriority(priority: unknown): number {
  if (priority === undefined) return 0
  if (typeof priority === 'number' && Number.isInteger(priority) && Math.abs(priority) <= MAX_PRIORITY) return priority
  throw new InvalidOptionError({
    option: 'priority',
    found: priority,
    expected: `a whole number from -${MAX_PRIORITY} to ${MAX_PRIORITY}`,
  })
}

function checkKey(key: unknown): string | undefined {
  if (key === undefined) return undefined
  if (typeof key === 'string' && key.length > 0 && key.length <= MAX_KEY_CHARACTERS) return key
  throw new InvalidOptionError({
    option: 'key',
    found: key,
    expected: `a string of 1 to ${MAX_KEY_CHARACTERS} characters`,
  })
}

function resolveUnique(task: string, given: UniqueOptions): UniqueAttr {
  checkOptions(given, 'unique', UNIQUE_OPTIONS)
  const { key, until = 'done', onConflict = 'return' } = given
  const full = `${task}:${key}`
  if (typeof key !== 'string' || key === '' || !key.isWellFormed() || Buffer.byteLength(full) > UNIQUE_KEY_BYTES) {
    throw new InvalidOptionError({
      option: 'unique.key',
      found: key,
      expected: `a string, not empty, with the task's name at most ${UNIQUE_KEY_BYTES} bytes`,
    })
  }
  if (until !== 'done' && until !== 'started') {
    throw new InvalidOptionError({ option: 'unique.until', found: until, expected: "'done' or 'started'" })
  }
  if (onConflict !== 'return' && onConflict !== 'throw') {
    throw new InvalidOptionError({ option: 'unique.onConflict', found: onConflict, expected: "'return' or 'throw'" })
  }
  const forMs = positive(given.for, 'unique.for')
  return { key: full, until, ...(forMs !== undefined && { forMs }) }
}

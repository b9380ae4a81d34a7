import { type Duration, parseDuration } from '../duration/parse-duration.js'
import { InvalidOptionError } from '../errors/input-errors.js'
import { checkName } from '../names/check-name.js'
import { checkOptions } from '../options/check-options.js'
import { resolveBackoff } from '../retry/backoff.js'
import type { RetryOptions, TaskOptions, TaskPolicyOptions } from './task-options.js'
import type { Delivery, TaskPolicy } from './task-policy.js'

/** What is neither said by the task nor by the app. */
const DEFAULTS = {
  queue: 'default',
  attempts: 3,
  delivery: 'at-least-once',
  resultKeep: '1h',
  maxCrashes: 3,
} as const

const MAX_ATTEMPTS = 1_000
const MAX_CRASHES = 100

const POLICY_KEYS: readonly string[] = [
  'queue',
  'retry',
  'timeout',
  'hardTimeout',
  'delivery',
  'results',
  'expires',
  'maxCrashes',
] satisfies (keyof TaskPolicyOptions)[]

const TASK_KEYS: readonly string[] = ['input', 'output', 'aliases', 'version', ...POLICY_KEYS]
const RETRY_KEYS: readonly string[] = ['attempts', 'backoff', 'when'] satisfies (keyof RetryOptions)[]

/** Checks the keys of an app's `defaults`. Throws `InvalidOptionError`. */
export function checkPolicyDefaults(defaults: unknown): TaskPolicyOptions {
  checkOptions(defaults, 'defaults', POLICY_KEYS)
  // Values are checked as if a task without options of its own used them.
  resolveTaskPolicy('defaults', {}, defaults as TaskPolicyOptions)
  return defaults as TaskPolicyOptions
}

/**
 * The policy of a task: its own options over the app's defaults over Millrace's. `retry` is merged field by field.
 * Throws `InvalidOptionError` or `InvalidNameError` for unknown options, wrong values and contradictions.
 */
export function resolveTaskPolicy(name: string, options: TaskOptions, appDefaults?: TaskPolicyOptions): TaskPolicy {
  checkOptions(options, name, TASK_KEYS)
  if (appDefaults !== undefined) checkOptions(appDefaults, 'defaults', POLICY_KEYS)
  const layers: readonly Layer[] = [
    { options, at: name },
    { options: appDefaults ?? {}, at: 'defaults' },
  ]
  const delivery = resolveDelivery(layers)
  const backoff = pickRetry(layers, 'backoff')
  const timeoutMs = pickDuration(layers, 'timeout')
  const hardTimeoutMs = pickDuration(layers, 'hardTimeout')
  if (timeoutMs !== undefined && hardTimeoutMs !== undefined && hardTimeoutMs < timeoutMs) {
    throw contradiction(pick(layers, 'hardTimeout'), `at least ${name}.timeout (${timeoutMs} ms)`)
  }
  return {
    queue: checkName('queue', pick(layers, 'queue')?.value ?? DEFAULTS.queue),
    attempts: resolveAttempts(layers, delivery),
    backoff: resolveBackoff(backoff?.value, backoff?.option ?? 'retry.backoff'),
    when: resolveWhen(layers),
    timeoutMs,
    hardTimeoutMs,
    delivery: delivery.value,
    resultKeepMs: resolveResultKeep(layers, options.output !== undefined),
    expiresMs: pickDuration(layers, 'expires'),
    maxCrashes: resolveMaxCrashes(layers, delivery),
    aliases: resolveAliases(options.aliases, name),
    version: resolveVersion(options.version, name),
  }
}

interface Layer {
  readonly options: TaskPolicyOptions
  readonly at: string
}

/** A value, the name of the option it came from, and how far from the task it was said (0: by the task itself). */
interface Picked<T> {
  readonly value: T
  readonly option: string
  readonly distance: number
}

function pick<K extends keyof TaskPolicyOptions>(
  layers: readonly Layer[],
  key: K,
): Picked<NonNullable<TaskPolicyOptions[K]>> | undefined {
  for (const [distance, { options, at }] of layers.entries()) {
    const value = options[key]
    if (value !== undefined) return { value: value as NonNullable<typeof value>, option: `${at}.${key}`, distance }
  }
  return undefined
}

function pickRetry<K extends keyof RetryOptions>(
  layers: readonly Layer[],
  key: K,
): Picked<NonNullable<RetryOptions[K]>> | undefined {
  for (const [distance, { options, at }] of layers.entries()) {
    if (options.retry === undefined) continue
    checkOptions(options.retry, `${at}.retry`, RETRY_KEYS)
    const value = options.retry[key]
    if (value !== undefined)
      return { value: value as NonNullable<typeof value>, option: `${at}.retry.${key}`, distance }
  }
  return undefined
}

function pickDuration(layers: readonly Layer[], key: 'timeout' | 'hardTimeout' | 'expires'): number | undefined {
  const picked = pick(layers, key)
  if (picked === undefined) return undefined
  const ms = parseDuration(picked.value, picked.option)
  if (ms > 0) return ms
  throw new InvalidOptionError({
    option: picked.option,
    found: picked.value,
    expected: 'at least 1 ms, or leave it out',
  })
}

function resolveDelivery(layers: readonly Layer[]): Picked<Delivery> {
  const picked = pick(layers, 'delivery') ?? { value: DEFAULTS.delivery, option: 'delivery', distance: layers.length }
  if (picked.value === 'at-least-once' || picked.value === 'at-most-once') return picked
  throw new InvalidOptionError({
    option: picked.option,
    found: picked.value,
    expected: "'at-least-once' or 'at-most-once'",
  })
}

function resolveAttempts(layers: readonly Layer[], delivery: Picked<Delivery>): number {
  const picked = pickRetry(layers, 'attempts')
  const attempts = picked === undefined ? DEFAULTS.attempts : wholeNumber(picked, MAX_ATTEMPTS)
  return onceOnly(attempts, picked, delivery)
}

function resolveMaxCrashes(layers: readonly Layer[], delivery: Picked<Delivery>): number {
  const picked = pick(layers, 'maxCrashes')
  const maxCrashes = picked === undefined ? DEFAULTS.maxCrashes : wholeNumber(picked, MAX_CRASHES)
  return onceOnly(maxCrashes, picked, delivery)
}

/** At-most-once implies 1. More is a contradiction, unless it is only a default that the task's delivery overrules. */
function onceOnly(count: number, picked: Picked<number> | undefined, delivery: Picked<Delivery>): number {
  if (delivery.value !== 'at-most-once') return count
  if (count > 1 && picked !== undefined && picked.distance <= delivery.distance) {
    throw contradiction(picked, `1, because ${delivery.option} is 'at-most-once'`)
  }
  return 1
}

function resolveWhen(layers: readonly Layer[]): TaskPolicy['when'] {
  const picked = pickRetry(layers, 'when')
  if (picked === undefined || typeof picked.value === 'function') return picked?.value
  throw new InvalidOptionError({
    option: picked.option,
    found: picked.value,
    expected: 'a function of the error that answers whether to retry',
  })
}

function resolveResultKeep(layers: readonly Layer[], hasOutput: boolean): number {
  const picked = pick(layers, 'results')
  if (picked === undefined) return hasOutput ? parseDuration(DEFAULTS.resultKeep, 'results.keep') : 0
  if (picked.value === false) return 0
  const { keep } = checkOptions(picked.value, picked.option, ['keep'])
  const ms = parseDuration(keep as Duration, `${picked.option}.keep`)
  if (ms > 0) return ms
  throw new InvalidOptionError({
    option: `${picked.option}.keep`,
    found: keep,
    expected: 'at least 1 ms, or results: false',
  })
}

function resolveAliases(aliases: readonly string[] | undefined, name: string): readonly string[] {
  if (aliases === undefined) return []
  if (!Array.isArray(aliases)) {
    throw new InvalidOptionError({ option: `${name}.aliases`, found: aliases, expected: 'an array of task names' })
  }
  return [...new Set(aliases.map((alias) => checkName('task', alias)))]
}

function resolveVersion(version: unknown, name: string): string | undefined {
  if (version === undefined) return undefined
  if (typeof version === 'string' && version.length > 0 && version.length <= 128) return version
  throw new InvalidOptionError({
    option: `${name}.version`,
    found: version,
    expected: 'a string of 1 to 128 characters',
  })
}

function wholeNumber(picked: Picked<number>, max: number): number {
  const { value, option } = picked
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new InvalidOptionError({
    option,
    found: value,
    expected: `a whole number from 1 to ${max.toLocaleString('en-US')}`,
  })
}

function contradiction(picked: Picked<unknown> | undefined, expected: string): InvalidOptionError {
  return new InvalidOptionError({ option: picked?.option ?? '', found: picked?.value, expected })
}

import { type Duration, parseDuration } from '../duration/parse-duration.js'
import { InvalidOptionError } from '../errors/input-errors.js'
import { checkOptions } from '../options/check-options.js'

/** How the delay before the next attempt varies: not at all, between 0 and all of it, between half and all of it. */
export type Jitter = 'none' | 'full' | 'equal'

/**
 * What the user writes. A function gets the number of the attempt that failed (from 1) and what it threw.
 * Default: exponential, `initial` '1s', doubled each time, at most `max` '10m', full jitter.
 */
export type BackoffOptions =
  | { readonly kind: 'fixed'; readonly delay: Duration }
  | {
      readonly kind: 'exponential'
      readonly initial?: Duration | undefined
      readonly max?: Duration | undefined
      readonly factor?: number | undefined
      readonly jitter?: Jitter | undefined
    }
  | ((attempt: number, error: unknown) => Duration)

/** What the code reads. All delays in ms. */
export type Backoff =
  | { readonly kind: 'fixed'; readonly delayMs: number }
  | {
      readonly kind: 'exponential'
      readonly initialMs: number
      readonly maxMs: number
      readonly factor: number
      readonly jitter: Jitter
    }
  | { readonly kind: 'custom'; readonly delay: (attempt: number, error: unknown) => Duration }

export const DEFAULT_BACKOFF: Backoff = Object.freeze({
  kind: 'exponential',
  initialMs: 1_000,
  maxMs: 600_000,
  factor: 2,
  jitter: 'full',
})

const JITTERS: readonly unknown[] = ['none', 'full', 'equal'] satisfies Jitter[]

/** Checks and completes what the user wrote. `option` names it in errors. Throws `InvalidOptionError`. */
export function resolveBackoff(value: BackoffOptions | undefined, option: string): Backoff {
  if (value === undefined) return DEFAULT_BACKOFF
  if (typeof value === 'function') return { kind: 'custom', delay: value }
  const kind: unknown = typeof value === 'object' && value !== null ? value.kind : undefined
  switch (kind) {
    case 'fixed':
      return resolveFixed(checkOptions(value, option, ['kind', 'delay']), option)
    case 'exponential':
      return resolveExponential(checkOptions(value, option, ['kind', 'initial', 'max', 'factor', 'jitter']), option)
    default:
      throw new InvalidOptionError({
        option,
        found: kind ?? value,
        expected: "{ kind: 'fixed', delay }, { kind: 'exponential', initial, max, factor, jitter } or a function",
      })
  }
}

function resolveFixed(options: Record<string, unknown>, option: string): Backoff {
  return { kind: 'fixed', delayMs: parseDuration(options.delay as Duration, `${option}.delay`) }
}

function resolveExponential(options: Record<string, unknown>, option: string): Backoff {
  const { initial = DEFAULT_INITIAL, max = DEFAULT_MAX, factor = 2, jitter = 'full' } = options
  const initialMs = parseDuration(initial as Duration, `${option}.initial`)
  const maxMs = parseDuration(max as Duration, `${option}.max`)
  if (maxMs < initialMs) {
    if (options.max !== undefined) {
      throw new InvalidOptionError({ option: `${option}.max`, found: max, expected: `at least ${option}.initial` })
    }
    return resolveExponential({ ...options, max: initialMs }, option)
  }
  if (typeof factor !== 'number' || !(factor >= 1 && factor <= 100)) {
    throw new InvalidOptionError({ option: `${option}.factor`, found: factor, expected: 'a number from 1 to 100' })
  }
  if (!JITTERS.includes(jitter)) {
    throw new InvalidOptionError({ option: `${option}.jitter`, found: jitter, expected: "'none', 'full' or 'equal'" })
  }
  return { kind: 'exponential', initialMs, maxMs, factor, jitter: jitter as Jitter }
}

const DEFAULT_INITIAL: Duration = '1s'
const DEFAULT_MAX: Duration = '10m'

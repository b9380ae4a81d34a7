import { type Duration, parseDuration } from '../duration/parse-duration.js'
import { InvalidOptionError } from '../errors/input-errors.js'
import { checkOptions } from '../options/check-options.js'
import { CronPattern } from './cron-pattern.js'
import { nextTick } from './next-tick.js'
import type { ScheduleSpec, ScheduleTiming } from './schedule-spec.js'
import { isTimeZone } from './zone-transitions.js'

/** An instant: a Date, ms since the epoch, or an ISO 8601 text with its zone. */
export type Instant = Date | number | string

/** What the user writes: exactly one of `cron`, `every`, `at`. */
export interface ScheduleOptions {
  /**
   * 5 fields (minute hour day-of-month month weekday) or 6 (second first): names, ranges, steps, lists, `L` (last), `#` (n-th weekday),
   * `W` (nearest working day). With both a day and a weekday, either matches.
   */
  readonly cron?: string
  /** A fixed interval, at least 100 ms. Counts from `start`, else from when the schedule was first stored. */
  readonly every?: Duration
  /** With `every`: at whole multiples of it since 1970 in UTC (`'15m'`: :00, :15, :30, :45). Default false. */
  readonly align?: boolean
  /** Once, at this instant. */
  readonly at?: Instant
  /** With `cron`: an IANA name, e.g. 'Europe/Paris'. Default 'UTC'. */
  readonly timezone?: string
  /**
   * What becomes of ticks that nobody fired in time (no dispatcher, no broker): nothing; one job for all of them; a job for each, the
   * latest `cap` of them. A tick is missed when it is late by its interval, at most a minute. Default 'once'.
   */
  readonly missed?: 'skip' | 'once' | 'all'
  /** With `missed: 'all'`: 1 … 1,000. Default 100. */
  readonly cap?: number
  /** While the job of an earlier tick has not ended: run beside it, make no job, or wait for its end. Default 'allow'. */
  readonly overlap?: 'allow' | 'skip' | 'queue'
  /** Each job becomes ready so much after its tick at most; how much is fixed by name and tick. Default 0. */
  readonly jitter?: Duration
  /** No tick before. */
  readonly start?: Instant
  /** No tick after. */
  readonly end?: Instant
  /** So many ticks make a job; then it is over. Default: no limit. */
  readonly limit?: number
  /** False: stored, but silent. Default true. */
  readonly enabled?: boolean
}

const KNOWN = [
  'cron',
  'every',
  'align',
  'at',
  'timezone',
  'missed',
  'cap',
  'overlap',
  'jitter',
  'start',
  'end',
  'limit',
  'enabled',
] as const satisfies readonly (keyof ScheduleOptions)[]

const MIN_EVERY_MS = 100
const MAX_CAP = 1_000
const DEFAULT_CAP = 100
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/** Checks a schedule's rules. Throws `InvalidOptionError`. */
export function parseSchedule(given: ScheduleOptions, what = 'schedule'): ScheduleSpec {
  const options = checkOptions(given, what, KNOWN) as ScheduleOptions
  const startMs = instant(options.start, 'start')
  const endMs = instant(options.end, 'end')
  if (startMs !== undefined && endMs !== undefined && endMs < startMs) {
    throw new InvalidOptionError({ option: 'end', found: options.end, expected: 'an instant not before start' })
  }
  const missed = choice('missed', options.missed ?? 'once', ['skip', 'once', 'all'])
  if (options.cap !== undefined && missed !== 'all') throw only('cap', options.cap, "with missed: 'all'")
  const spec: ScheduleSpec = {
    timing: parseTiming(options, startMs),
    missed,
    cap: count('cap', options.cap ?? DEFAULT_CAP, MAX_CAP),
    overlap: choice('overlap', options.overlap ?? 'allow', ['allow', 'skip', 'queue']),
    jitterMs: options.jitter === undefined ? 0 : parseDuration(options.jitter, 'jitter'),
    ...(startMs !== undefined && { startMs }),
    ...(endMs !== undefined && { endMs }),
    ...(options.limit !== undefined && { limit: count('limit', options.limit, Number.MAX_SAFE_INTEGER) }),
    enabled: flag('enabled', options.enabled, true),
  }
  if (endMs !== undefined && spec.enabled && nextTick(spec, (startMs ?? 0) - 1) === undefined) {
    throw new InvalidOptionError({ option: 'end', found: options.end, expected: 'later than the first tick' })
  }
  return spec
}

function parseTiming(options: ScheduleOptions, startMs: number | undefined): ScheduleTiming {
  const { cron, every, at, align, timezone } = options
  if ([cron, every, at].filter((each) => each !== undefined).length !== 1) {
    const found = Object.keys(options).join(', ')
    throw new InvalidOptionError({ option: 'schedule', found, expected: 'exactly one of cron, every and at' })
  }
  if (timezone !== undefined && cron === undefined) throw only('timezone', timezone, 'with cron')
  if (align !== undefined && every === undefined) throw only('align', align, 'with every')
  if (cron !== undefined) {
    CronPattern.parse(cron)
    return { kind: 'cron', cron: cron.trim(), timezone: zone(timezone ?? 'UTC') }
  }
  if (every !== undefined) {
    const everyMs = parseDuration(every, 'every')
    if (everyMs < MIN_EVERY_MS) {
      throw new InvalidOptionError({ option: 'every', found: every, expected: `at least ${MIN_EVERY_MS} ms` })
    }
    if (flag('align', align, false)) return { kind: 'every', everyMs, anchorMs: 0 }
    return { kind: 'every', everyMs, ...(startMs !== undefined && { anchorMs: startMs }) }
  }
  return { kind: 'at', atMs: instant(at, 'at') as number }
}

function zone(name: unknown): string {
  if (typeof name === 'string' && isTimeZone(name)) return name
  throw new InvalidOptionError({ option: 'timezone', found: name, expected: "an IANA time zone, e.g. 'Europe/Paris'" })
}

function instant(value: Instant | undefined, option: string): number | undefined {
  if (value === undefined) return undefined
  const text = typeof value === 'string' && ISO.test(value) ? Date.parse(value) : Number.NaN
  const ms = typeof value === 'number' ? value : value instanceof Date ? value.getTime() : text
  if (Number.isFinite(ms) && ms >= 0 && ms <= 8.64e15) return Math.round(ms)
  const expected = "a Date, ms since the epoch, or an ISO 8601 instant with its zone, e.g. '2030-01-31T12:00:00Z'"
  throw new InvalidOptionError({ option, found: value, expected })
}

function choice<T extends string>(option: string, value: T, among: readonly T[]): T {
  if (among.includes(value)) return value
  throw new InvalidOptionError({ option, found: value, expected: `one of ${among.join(', ')}` })
}

function count(option: string, value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new InvalidOptionError({ option, found: value, expected: `a whole number from 1 to ${most}` })
}

function flag(option: string, value: unknown, preset: boolean): boolean {
  if (value === undefined) return preset
  if (typeof value === 'boolean') return value
  throw new InvalidOptionError({ option, found: value, expected: 'true or false' })
}

function only(option: string, found: unknown, where: string): InvalidOptionError {
  return new InvalidOptionError({ option, found, expected: `only ${where}` })
}

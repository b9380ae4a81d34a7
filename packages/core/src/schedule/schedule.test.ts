import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../errors/input-errors.js'
import { laneOfJobId } from '../id/job-id.js'
import { dueTicks } from './due-ticks.js'
import { nextTick } from './next-tick.js'
import { parseSchedule, type ScheduleOptions } from './parse-schedule.js'
import { jitteredTick, scheduledJobId } from './scheduled-job.js'

const ms = (iso: string): number => Date.parse(iso)

function ticks(options: ScheduleOptions, after: string, count: number): string[] {
  const spec = parseSchedule(options)
  const found: string[] = []
  let at: number | undefined = ms(after)
  while (found.length < count) {
    at = nextTick(spec, at)
    if (at === undefined) break
    found.push(new Date(at).toISOString().replace('.000Z', 'Z'))
  }
  return found
}

describe('golden tables of local time', () => {
  const NY = 'America/New_York'
  const table: [string, string, string, string, string[]][] = [
    [
      'gap: fires once after it',
      NY,
      '30 2 * * *',
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-09T06:30:00Z'],
    ],
    [
      'gap: several swallowed, one tick',
      NY,
      '*/15 2 * * *',
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-09T06:00:00Z', '2026-03-09T06:15:00Z'],
    ],
    [
      'gap: the tick after it is not doubled',
      NY,
      '30 2,3 * * *',
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-08T07:30:00Z'],
    ],
    [
      'gap: its end is a tick of its own',
      NY,
      '0 2,3 * * *',
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-09T06:00:00Z'],
    ],
    [
      'gap: every hour follows elapsed time',
      NY,
      '30 * * * *',
      '2026-03-08T06:00:00Z',
      ['2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z', '2026-03-08T08:30:00Z'],
    ],
    ['overlap: fires once', NY, '30 1 * * *', '2026-11-01T04:00:00Z', ['2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z']],
    [
      'overlap: fires once, asked between the passes',
      NY,
      '30 1 * * *',
      '2026-11-01T05:40:00Z',
      ['2026-11-02T06:30:00Z', '2026-11-03T06:30:00Z'],
    ],
    [
      'overlap: steps fire in the first pass',
      NY,
      '*/20 1 * * *',
      '2026-11-01T04:00:00Z',
      ['2026-11-01T05:00:00Z', '2026-11-01T05:20:00Z', '2026-11-01T05:40:00Z', '2026-11-02T06:00:00Z'],
    ],
    [
      'overlap: every hour keeps both passes',
      NY,
      '30 * * * *',
      '2026-11-01T04:00:00Z',
      ['2026-11-01T04:30:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-01T07:30:00Z'],
    ],
    [
      'Lord Howe spring: half an hour is missing',
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-03T00:00:00Z',
      ['2026-10-03T15:30:00Z', '2026-10-04T15:15:00Z'],
    ],
    [
      'Lord Howe autumn: half an hour comes twice',
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-04T00:00:00Z',
      ['2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z'],
    ],
    [
      'Lord Howe autumn, every half hour',
      'Australia/Lord_Howe',
      '*/30 * * * *',
      '2026-04-04T14:15:00Z',
      ['2026-04-04T14:30:00Z', '2026-04-04T15:00:00Z', '2026-04-04T15:30:00Z'],
    ],
    [
      'Santiago: midnight does not exist',
      'America/Santiago',
      '0 0 * * *',
      '2026-09-05T12:00:00Z',
      ['2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z'],
    ],
    [
      'Santiago: 23:30 comes twice',
      'America/Santiago',
      '30 23 * * *',
      '2026-04-04T12:00:00Z',
      ['2026-04-05T02:30:00Z', '2026-04-06T03:30:00Z'],
    ],
    [
      'Apia: a day that does not exist fires once, after it',
      'Pacific/Apia',
      '0 9 * * *',
      '2011-12-29T00:00:00Z',
      ['2011-12-29T19:00:00Z', '2011-12-30T10:00:00Z', '2011-12-30T19:00:00Z'],
    ],
    [
      'Apia: only on the lost day',
      'Pacific/Apia',
      '0 9 30 12 *',
      '2011-06-01T00:00:00Z',
      ['2011-12-30T10:00:00Z', '2012-12-29T19:00:00Z'],
    ],
    [
      'Cairo: midnight gap',
      'Africa/Cairo',
      '0 0 * * *',
      '2026-04-23T12:00:00Z',
      ['2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    ],
    [
      'Beirut: midnight gap',
      'Asia/Beirut',
      '30 0 * * *',
      '2026-03-28T12:00:00Z',
      ['2026-03-28T22:00:00Z', '2026-03-29T21:30:00Z'],
    ],
    [
      'leap day',
      'Europe/Paris',
      '0 12 29 2 *',
      '2026-01-01T00:00:00Z',
      ['2028-02-29T11:00:00Z', '2032-02-29T11:00:00Z'],
    ],
    [
      'last day of the month',
      'UTC',
      '0 0 L * *',
      '2028-02-01T00:00:00Z',
      ['2028-02-29T00:00:00Z', '2028-03-31T00:00:00Z'],
    ],
    ['third Friday', 'UTC', '0 0 * * FRI#3', '2026-01-01T00:00:00Z', ['2026-01-16T00:00:00Z', '2026-02-20T00:00:00Z']],
    ['seconds', 'UTC', '*/20 * * * * *', '2026-01-01T00:00:30Z', ['2026-01-01T00:00:40Z', '2026-01-01T00:01:00Z']],
    ['day or weekday', 'UTC', '0 0 15 * MON', '2026-01-13T00:00:00Z', ['2026-01-15T00:00:00Z', '2026-01-19T00:00:00Z']],
  ]
  test.each(table)('%s (%s, %s)', (_, timezone, cron, after, expected) => {
    expect(ticks({ cron, timezone }, after, expected.length)).toEqual(expected)
  })

  test.each([
    [NY, '*/7 * * * *', '2026-03-08T04:00:00Z'],
    [NY, '*/7 0-4 * * *', '2026-03-08T04:00:00Z'],
    [NY, '*/7 * * * *', '2026-11-01T03:00:00Z'],
    [NY, '*/7 0-4 * * *', '2026-11-01T03:00:00Z'],
    ['Australia/Lord_Howe', '*/7 0-4 * * *', '2026-04-04T12:00:00Z'],
    ['Pacific/Apia', '*/40 * * * *', '2011-12-30T08:00:00Z'],
    ['Pacific/Apia', '*/40 1-22 * * *', '2011-12-30T08:00:00Z'],
  ])('the ticks are one set, whatever instant they are asked from (%s, %s)', (timezone, cron, from) => {
    const spec = parseSchedule({ cron, timezone })
    const [start, end] = [ms(from), ms(from) + 6 * 3_600_000]
    const all: number[] = []
    for (let at = nextTick(spec, start); at !== undefined && at <= end; at = nextTick(spec, at)) all.push(at)
    expect(all.length).toBeGreaterThan(3)
    expect(all).toEqual([...new Set(all)].toSorted((a, b) => a - b))
    for (let at = start; at < end - 3_600_000; at += 61_001) {
      const found = nextTick(spec, at) as number
      expect(found > end ? undefined : found).toBe(all.find((tick) => tick > at))
    }
  })
})

describe('intervals and instants', () => {
  test('aligned, anchored, started, ended', () => {
    expect(ticks({ every: '15m', align: true }, '2026-01-01T00:07:00Z', 2)).toEqual([
      '2026-01-01T00:15:00Z',
      '2026-01-01T00:30:00Z',
    ])
    const start = '2026-01-01T00:07:00Z'
    expect(ticks({ every: '15m', start }, '2025-01-01T00:00:00Z', 2)).toEqual([start, '2026-01-01T00:22:00Z'])
    expect(ticks({ every: '15m', start, end: '2026-01-01T00:22:00Z' }, start, 5)).toEqual(['2026-01-01T00:22:00Z'])
    expect(ticks({ at: start }, '2025-01-01T00:00:00Z', 5)).toEqual([start])
    expect(ticks({ at: new Date(start) }, start, 5)).toEqual([])
    expect(ticks({ cron: '@daily', enabled: false }, start, 5)).toEqual([])
  })
})

describe('due ticks', () => {
  const MINUTE = 60_000
  const T0 = ms('2026-01-01T00:00:00Z')
  const minutely = (more: ScheduleOptions = {}) => parseSchedule({ cron: '* * * * *', ...more })

  test('one that is on time fires, whatever the policy', () => {
    for (const missed of ['skip', 'once', 'all'] as const) {
      const due = dueTicks(minutely({ missed }), T0, { now: T0 + MINUTE + 5 })
      expect(due).toEqual({ ticks: [T0 + MINUTE], passed: T0 + MINUTE, next: T0 + 2 * MINUTE })
    }
    expect(dueTicks(minutely(), T0, { now: T0 + 10 })).toEqual({ ticks: [], passed: T0, next: T0 + MINUTE })
  })

  test('after an hour of nothing: skip, once, all with its cap', () => {
    const now = T0 + 60 * MINUTE + 5
    const last = T0 + 60 * MINUTE
    for (const missed of ['skip', 'once'] as const) {
      expect(dueTicks(minutely({ missed }), T0, { now })).toEqual({ ticks: [last], passed: last, next: last + MINUTE })
    }
    const all = dueTicks(minutely({ missed: 'all' }), T0, { now })
    expect(all.ticks).toEqual(Array.from({ length: 60 }, (_, index) => T0 + (index + 1) * MINUTE))
    const capped = dueTicks(minutely({ missed: 'all', cap: 3 }), T0, { now })
    expect(capped).toEqual({ ticks: [last - 2 * MINUTE, last - MINUTE, last], passed: last, next: last + MINUTE })
  })

  test('a nightly one, half an hour late', () => {
    const at = ms('2026-01-02T03:00:00Z')
    const nightly = (missed: 'skip' | 'once') => parseSchedule({ cron: '0 3 * * *', missed })
    const now = at + 30 * MINUTE
    expect(dueTicks(nightly('skip'), T0, { now }).ticks).toEqual([])
    expect(dueTicks(nightly('skip'), T0, { now }).passed).toBe(at)
    expect(dueTicks(nightly('once'), T0, { now }).ticks).toEqual([at])
    expect(dueTicks(nightly('skip'), T0, { now: at + 30_000 }).ticks).toEqual([at])
  })

  test('each second: a second late is on time, an outage is not', () => {
    const spec = parseSchedule({ every: '1s', align: true, missed: 'skip' })
    expect(dueTicks(spec, T0, { now: T0 + 2_050 }).ticks).toEqual([T0 + 2_000])
    expect(dueTicks(spec, T0 + 1_000, { now: T0 + 2_900 }).ticks).toEqual([T0 + 2_000])
    expect(dueTicks(spec, T0, { now: T0 + 10 * MINUTE }).ticks).toEqual([T0 + 10 * MINUTE - 1_000, T0 + 10 * MINUTE])
  })

  test('years of missed seconds cost as little as a few', () => {
    const spec = parseSchedule({ cron: '* * 3 * * *', missed: 'all', cap: 5 })
    const from = performance.now()
    const due = dueTicks(spec, ms('2016-01-01T00:00:00Z'), { now: ms('2026-01-01T12:00:00Z') })
    expect(performance.now() - from).toBeLessThan(2_000)
    expect(due.ticks.map((tick) => new Date(tick).toISOString().slice(11, 19))).toEqual([
      '03:59:55',
      '03:59:56',
      '03:59:57',
      '03:59:58',
      '03:59:59',
    ])
    expect(due.next).toBe(ms('2026-01-02T03:00:00Z'))
  })

  test('a limit that is reached ends it; a start in the future holds it back', () => {
    const spec = minutely({ missed: 'all' })
    expect(dueTicks(spec, T0, { now: T0 + 5 * MINUTE, left: 2 })).toMatchObject({
      ticks: [T0 + MINUTE, T0 + 2 * MINUTE],
      next: undefined,
    })
    expect(dueTicks(spec, T0, { now: T0 + 5 * MINUTE, left: 0 })).toMatchObject({ ticks: [], next: undefined })
    const later = minutely({ start: T0 + 90 * MINUTE })
    expect(dueTicks(later, T0, { now: T0 + 5 * MINUTE })).toMatchObject({ ticks: [], next: T0 + 90 * MINUTE })
  })
})

describe('what is refused', () => {
  const never: [string, object][] = [
    ['nothing', {}],
    ['two kinds', { cron: '* * * * *', every: '1m' }],
    ['four fields', { cron: '* * * *' }],
    ['seven fields', { cron: '* * * * * * *' }],
    ['an hour of 25', { cron: '0 25 * * *' }],
    ['a day that never comes', { cron: '0 0 30 2 *' }],
    ['no text', { cron: 5 }],
    ['an unknown zone', { cron: '@daily', timezone: 'Europe/Pari' }],
    ['a zone without cron', { every: '1m', timezone: 'UTC' }],
    ['a bare date', { at: '2030-01-01' }],
    ['a local time', { at: '2030-01-01T00:00:00' }],
    ['too short an interval', { every: 50 }],
    ['a cap for nothing', { every: '1m', cap: 5 }],
    ['a limit of zero', { every: '1m', limit: 0 }],
    ['an end before the start', { every: '1m', start: 2_000, end: 1_000 }],
    ['an end before the first tick', { cron: '0 0 1 1 *', start: '2026-02-01T00:00:00Z', end: '2026-03-01T00:00:00Z' }],
    ['an unknown policy', { every: '1m', missed: 'never' }],
    ['an unknown option', { every: '1m', timezon: 'UTC' }],
    ['a flag that is none', { every: '1m', enabled: 'yes' }],
  ]
  test.each(never)('%s', (_, options) => {
    expect(() => parseSchedule(options as ScheduleOptions)).toThrow(InvalidOptionError)
  })
})

describe('jobs of ticks', () => {
  test('jitter is fixed by name and tick, within its bound, and spreads', () => {
    const delays = Array.from({ length: 1_000 }, (_, index) => jitteredTick(`s${index}`, 60_000, 10_000) - 60_000)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delays)).toBeLessThanOrEqual(10_000)
    expect(Math.min(...delays)).toBeLessThan(500)
    expect(Math.max(...delays)).toBeGreaterThan(9_500)
    expect(jitteredTick('a', 5, 100)).toBe(jitteredTick('a', 5, 100))
    expect(jitteredTick('a', 5, 0)).toBe(5)
  })

  test('all jobs of one schedule share a lane', () => {
    const lanes = new Set(
      Array.from({ length: 50 }, (_, index) => laneOfJobId(scheduledJobId('a:b', index * 60_000), 16)),
    )
    expect(lanes.size).toBe(1)
    const others = new Set(Array.from({ length: 50 }, (_, index) => laneOfJobId(scheduledJobId(`s${index}`, 0), 16)))
    expect(others.size).toBeGreaterThan(5)
  })
})

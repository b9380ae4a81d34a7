import { describe, expect, test } from 'vitest'
import { nextTick } from './next-tick.js'
import { parseSchedule, type ScheduleOptions } from './parse-schedule.js'

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

import { describe, expect, test } from 'vitest'
import { dueTicks } from './due-ticks.js'
import { parseSchedule, type ScheduleOptions } from './parse-schedule.js'

const ms = (iso: string): number => Date.parse(iso)

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

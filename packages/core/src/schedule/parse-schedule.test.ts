import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../errors/input-errors.js'
import { parseSchedule, type ScheduleOptions } from './parse-schedule.js'

describe('a schedule is refused that has', () => {
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

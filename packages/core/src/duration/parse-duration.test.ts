import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../errors/input-errors.js'
import { type Duration, MAX_DURATION_MS, parseDuration } from './parse-duration.js'

describe('parseDuration', () => {
  test.each<[Duration, number]>([
    [0, 0],
    [-0, 0],
    [1.4, 1],
    [250, 250],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1.5h', 5_400_000],
    [MAX_DURATION_MS, MAX_DURATION_MS],
  ])('%s is %d ms', (value, ms) => expect(parseDuration(value, 'x')).toBe(ms))

  test.each([
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Date.now(),
    '',
    '5',
    's',
    '5 s',
    ' 5s',
    '-5s',
    '1e3s',
    '5w',
    '5S',
    '٥s',
    null,
    undefined,
    {},
    [],
    5n,
    '3651d',
  ])('refuses %s', (value) => {
    expect(() => parseDuration(value as Duration, 'task.timeout')).toThrow(InvalidOptionError)
    expect(() => parseDuration(value as Duration, 'task.timeout')).toThrow(/task\.timeout/)
  })
})

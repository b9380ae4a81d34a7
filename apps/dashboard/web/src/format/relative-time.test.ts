import { describe, expect, test } from 'vitest'
import { relativeTime } from './relative-time.js'

const NOW = 1_700_000_000_000

describe('relativeTime', () => {
  test.each([
    [0, 'now'],
    [999, 'now'],
    [-999, 'now'],
    [8_000, 'in 8s'],
    [252_000, 'in 4m 12s'],
    [-8_000, '8s ago'],
    [-252_000, '4m ago'],
    [-90_000_000, '1d ago'],
  ])('%d ms from now reads %s', (distance, text) => {
    expect(relativeTime(NOW + distance, NOW)).toBe(text)
  })
})

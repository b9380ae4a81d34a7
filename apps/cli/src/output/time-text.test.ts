import { expect, test } from 'vitest'
import { durationText, whenText } from './time-text.js'

test.each([
  [0, '0ms'],
  [80.4, '80ms'],
  [999, '999ms'],
  [12_000, '12s'],
  [60_000, '1m'],
  [65_000, '1m 5s'],
  [3_600_000, '1h'],
  [5_400_000, '1h 30m'],
  [36_000_000, '10h'],
  [90_000_000, '1d 1h'],
  [86_400_000 * 40, '40d'],
  [-5, '0ms'],
])('%d ms', (ms, text) => expect(durationText(ms)).toBe(text))

test('now, past and future', () => {
  expect(whenText(1_000_000, 1_000_400)).toBe('now')
  expect(whenText(1_000_000, 1_180_000)).toBe('3m ago')
  expect(whenText(1_300_000, 1_000_000)).toBe('in 5m')
})

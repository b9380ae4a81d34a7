import { expect, test } from 'vitest'
import { parseDelay } from './parse-delay.js'

test.each([
  ['30s', 30_000],
  [' 5 m ', 300_000],
  ['2h', 7_200_000],
  ['365d', 31_536_000_000],
  ['366d', undefined],
  ['5', undefined],
  ['', undefined],
  ['-5m', undefined],
  ['1h 30m', undefined],
])('%j is %s ms', (text, ms) => {
  expect(parseDelay(text)).toBe(ms)
})

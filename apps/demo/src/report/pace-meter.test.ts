import { expect, test } from 'vitest'
import { PaceMeter } from './pace-meter.js'

test('gives the rate of the last half second, and keeps the best', () => {
  const meter = new PaceMeter()
  expect(meter.add(0, 0)).toBe(0)
  for (let at = 50; at <= 1_000; at += 50) meter.add(at, at)
  expect(meter.add(1_000, 1_050)).toBe(900)
  for (let at = 1_100; at <= 2_000; at += 50) meter.add(1_000, at)
  expect(meter.add(1_000, 2_050)).toBe(0)
  expect(meter.best).toBeCloseTo(1_000)
})

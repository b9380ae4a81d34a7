import { describe, expect, test } from 'vitest'
import { durationText, wholeText } from './duration-text.js'

describe('durationText', () => {
  test.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [0.2, '< 1 ms'],
    [340.4, '340 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [8_249, '8.2 s'],
    [9_999, '9.9 s'],
    [10_000, '10s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [252_000, '4m 12s'],
    [3_600_000, '1h'],
    [3_660_000, '1h 1m'],
    [273_600_000, '3d 4h'],
  ])('%d ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})

describe('wholeText', () => {
  test.each([
    [-1, '0s'],
    [999, '0s'],
    [1_000, '1s'],
    [8_999, '8s'],
    [61_000, '1m 1s'],
  ])('%d ms reads %s', (ms, text) => {
    expect(wholeText(ms)).toBe(text)
  })
})

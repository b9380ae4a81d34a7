import { describe, expect, test } from 'vitest'
import { bytesText, countText, plural, rateText, shortCount } from './figure-text.js'

describe('figures', () => {
  test('counts have every digit; short ones have not', () => {
    expect(countText(1_204_551)).toBe('1,204,551')
    expect(shortCount(9_999)).toBe('9,999')
    expect(shortCount(1_204_551)).toBe('1.2M')
  })

  test.each([
    [0.2468, '0.247'],
    [12.44, '12.4'],
    [1_236, '1,240'],
  ])('a rate of %d reads %s', (rate, text) => {
    expect(rateText(rate)).toBe(text)
  })

  test.each([
    [0, '0 B'],
    [512, '512 B'],
    [1_536, '1.5 KB'],
    [76_021_760, '72.5 MB'],
    [130 * 1_048_576, '130 MB'],
  ])('%d bytes read %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })

  test('one job, two jobs', () => {
    expect([plural(0, 'job'), plural(1, 'job'), plural(2_000, 'job')]).toEqual(['0 jobs', '1 job', '2,000 jobs'])
  })
})

import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { checkJobId } from '../names/check-job-id.js'
import { laneOfKey } from './hash-lane.js'
import { generateJobId, laneOfJobId } from './job-id.js'

afterEach(() => vi.restoreAllMocks())

describe('generateJobId', () => {
  test('has 22 characters, starts with a letter, and is a valid job id', () => {
    const id = generateJobId(0)
    expect(id).toMatch(/^[A-Z][-0-9A-Z_a-z]{21}$/)
    expect(checkJobId(id)).toBe(id)
  })

  test('ids of one process are unique and sort as they were made', () => {
    const ids = Array.from({ length: 100_000 }, () => generateJobId(0))
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort()).toEqual(ids)
  })

  test('also when the clock stands still or steps back', () => {
    const now = Date.now() + 1_000
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now)
    const ids = Array.from({ length: 10_000 }, () => generateJobId(0))
    clock.mockReturnValue(now - 5_000)
    ids.push(...Array.from({ length: 10_000 }, () => generateJobId(0)))
    clock.mockReturnValue(now + 1)
    ids.push(generateJobId(0))
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort()).toEqual(ids)
  })

  test('sorts over the years', () => {
    const ids = ['2027-01-01', '2050-06-01', '2109-12-31', '2200-01-01'].map((day) => {
      vi.spyOn(Date, 'now').mockReturnValue(Date.parse(day))
      return generateJobId(0)
    })
    expect([...ids].sort()).toEqual(ids)
    expect(ids.every((id) => id.length === 22)).toBe(true)
  })

  test.each([-1, 4_096, 1.5, Number.NaN])('refuses lane %d', (lane) =>
    expect(() => generateJobId(lane)).toThrow(/lane/),
  )
})

describe('laneOfJobId', () => {
  test('reads the lane of generated ids', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_095 }), (lane) => {
        expect(laneOfJobId(generateJobId(lane), 4_096)).toBe(lane)
      }),
    )
  })
  test('always answers a lane that exists, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.integer({ min: 1, max: 100 }), (id, lanes) => {
        const lane = laneOfJobId(id, lanes)
        expect(Number.isInteger(lane) && lane >= 0 && lane < lanes).toBe(true)
        expect(laneOfJobId(id, lanes)).toBe(lane)
      }),
    )
  })
  test('goes by hash where the queue has no such lane', () => {
    const id = generateJobId(9)
    expect(laneOfJobId(id, 4)).toBe(laneOfKey(id, 4))
  })
})

describe('laneOfKey', () => {
  // Published FNV-1a vectors, modulo 2^16.
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('is FNV-1a: %s', (key, hash) => expect(laneOfKey(key, 65_536)).toBe(hash % 65_536))
  test('hashes UTF-8 bytes', () => {
    let hash = 0x811c9dc5
    for (const byte of Buffer.from('aé💡')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
    expect(laneOfKey('aé💡', 1_000)).toBe(hash % 1_000)
  })
  test('spreads', () => {
    const counts = new Array<number>(8).fill(0)
    for (let index = 0; index < 8_000; index++) {
      const lane = laneOfKey(`customer-${index}`, 8)
      counts[lane] = (counts[lane] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(800)
  })
})

import { expect, it } from 'vitest'
import { FirstSight } from './first-sight.js'

it('remembers when a job was first met, and forgets the oldest beyond its bound', () => {
  const sight = new FirstSight()
  expect(sight.of('a', 100)).toBe(100)
  expect(sight.of('a', 900)).toBe(100)
  for (let i = 0; i < 10_000; i++) sight.of(`other-${i}`, 1_000)
  expect(sight.of('a', 2_000)).toBe(2_000)
})

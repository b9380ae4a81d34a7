import { expect, it } from 'vitest'
import type { Operation } from '../operations/operation.js'
import { planFaults } from './fault-plan.js'
import { SeededRandom } from './seeded-random.js'

const named = (name: string): Operation => ({ name, strike: async () => {} })
const KINDS = ['a', 'b', 'c'].map((name) => ({ operation: named(name), lastsMs: [100, 200] as const }))
const plan = (seed: number) => planFaults(new SeededRandom(seed), 30, { kinds: KINDS, everyMs: [10, 20] })

it('is repeated by the seed, and by no other', () => {
  expect(plan(7)).toEqual(plan(7))
  expect(plan(7)).not.toEqual(plan(8))
})

it('keeps to its table, and plays every kind before any again', () => {
  for (const { afterMs, lastsMs, choice } of plan(1)) {
    expect(afterMs >= 10 && afterMs <= 20 && lastsMs >= 100 && lastsMs <= 200 && choice >= 0 && choice < 1).toBe(true)
  }
  const names = plan(1).map(({ operation }) => operation.name)
  for (let i = 0; i < names.length; i += 3) expect(new Set(names.slice(i, i + 3)).size).toBe(3)
})

it('is not moved by figures that are drawn from a fork', () => {
  const random = new SeededRandom(7)
  const fork = random.fork('loss')
  fork.next()
  expect(planFaults(random, 30, { kinds: KINDS, everyMs: [10, 20] })).toEqual(plan(7))
  expect(new SeededRandom(7).fork('loss').next()).not.toBe(new SeededRandom(7).fork('other').next())
})

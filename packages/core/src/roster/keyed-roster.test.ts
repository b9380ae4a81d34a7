import { expect, test } from 'vitest'
import { KeyedRoster } from './keyed-roster.js'

test('members come and go by key, in the order of coming', () => {
  const roster = new KeyedRoster<string, number>()
  roster.set('a', 1)
  roster.set('b', 2)
  roster.set('a', 3)
  expect([roster.size, roster.get('a'), roster.get('x')]).toEqual([2, 3, undefined])
  expect([roster.keys(), roster.values(), roster.firstKey()]).toEqual([['a', 'b'], [3, 2], 'a'])
  expect([roster.delete('a'), roster.delete('a')]).toEqual([true, false])
  expect([roster.keys(), roster.firstKey()]).toEqual([['b'], 'b'])
  roster.clear()
  expect([roster.size, roster.firstKey()]).toEqual([0, undefined])
})

test('those who stay are found, and in their order, however many come and go', () => {
  const roster = new KeyedRoster<string, number>()
  for (let i = 0; i < 300; i++) roster.set(`stays-${i}`, i)
  for (let i = 0; i < 10; i++) roster.set(`goes-${i}`, i)
  for (let i = 10; i < 5_000; i++) {
    roster.set(`goes-${i}`, i)
    expect(roster.delete(`goes-${i - 10}`)).toBe(true)
  }
  const stay = Array.from({ length: 300 }, (_, i) => i)
  expect(roster.size).toBe(310)
  expect(roster.values()).toEqual([...stay, ...Array.from({ length: 10 }, (_, i) => 4_990 + i)])
  expect(stay.every((i) => roster.get(`stays-${i}`) === i)).toBe(true)
})

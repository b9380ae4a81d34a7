import { expect, test } from 'vitest'
import { Roster } from './roster.js'

const member = (name: string) => ({ name, place: -1 })

test('members join and leave in any order; whoever is left is listed once', () => {
  const roster = new Roster<ReturnType<typeof member>>()
  const [a, b, c, d] = [member('a'), member('b'), member('c'), member('d')]
  for (const one of [a, b, c, d]) roster.add(one)
  expect(names(roster)).toEqual(['a', 'b', 'c', 'd'])
  roster.delete(b)
  roster.delete(d)
  expect(names(roster)).toEqual(['a', 'c'])
  roster.add(b)
  roster.delete(a)
  expect(names(roster)).toEqual(['b', 'c'])
  expect(roster.size).toBe(2)
  roster.delete(b)
  roster.delete(c)
  expect([roster.size, names(roster)]).toEqual([0, []])
})

test('to join or to leave twice changes nothing', () => {
  const roster = new Roster<ReturnType<typeof member>>()
  const [a, b] = [member('a'), member('b')]
  roster.add(a)
  roster.add(b)
  roster.add(a)
  expect(names(roster)).toEqual(['a', 'b'])
  roster.delete(a)
  roster.delete(a)
  expect(names(roster)).toEqual(['b'])
})

test('a list is of its moment: its members may leave while it is gone through', () => {
  const roster = new Roster<ReturnType<typeof member>>()
  for (const name of ['a', 'b', 'c']) roster.add(member(name))
  const seen: string[] = []
  for (const one of roster.list()) {
    roster.delete(one)
    seen.push(one.name)
  }
  expect([seen, roster.size]).toEqual([['a', 'b', 'c'], 0])
})

function names(roster: Roster<ReturnType<typeof member>>): string[] {
  return roster
    .list()
    .map(({ name }) => name)
    .sort()
}

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { KeyedRoster } from './keyed-roster.js'
import { Roster } from './roster.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void

const HERE = 100
const COME_AND_GO = 100_000

class Member {
  place = -1
  readonly payload: number[]

  constructor(at: number) {
    this.payload = Array.from({ length: 50 }, () => at)
  }
}

/** What only a full collection finds to be dead, MB, after so many have come and gone past a roster that had grown old. */
function keptDead(change: (at: number) => void): number {
  for (let at = 0; at < HERE; at++) change(at)
  collect()
  collect()
  for (let at = HERE; at < COME_AND_GO; at++) change(at)
  for (let round = 0; round < 3; round++) collect({ type: 'minor' })
  const kept = process.memoryUsage().heapUsed
  collect()
  return (kept - process.memoryUsage().heapUsed) / 1e6
}

test('a keyed roster keeps no dead', () => {
  const members = new KeyedRoster<number, Member>()
  const kept = keptDead((at) => {
    members.set(at, new Member(at))
    members.delete(at - HERE)
  })
  expect(kept).toBeLessThan(5)
})

test('a roster keeps no dead', () => {
  const members = new Roster<Member>()
  const queue: Member[] = new Array(HERE)
  const kept = keptDead((at) => {
    const member = new Member(at)
    members.add(member)
    if (at >= HERE) members.delete(queue[at % HERE] as Member)
    queue[at % HERE] = member
  })
  expect(kept).toBeLessThan(5)
})

import { expect, it } from 'vitest'
import { isLate } from './is-late.js'

it.each([
  ['a busy one after its turn', 4_000, 1, false],
  ['a busy one that missed three', 9_001, 1, true],
  ['an idle one after its turn', 13_000, 0, false],
  ['an idle one that missed two', 30_001, 0, true],
  ['one of whom nothing is known', null, 0, false],
])('%s', (_, seenAgoMs, running, late) => {
  expect(isLate({ seenAgoMs, running })).toBe(late)
})

import { expect, test } from 'vitest'
import { pairText, shareDone } from './share-done.js'

test.each<[unknown, number | undefined]>([
  [0, 0],
  [0.25, 0.25],
  [1, 1],
  [40, 0.4],
  [100, 1],
  [101, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [{ percent: 1 }, 0.01],
  [{ percent: 50, rows: 3 }, 0.5],
  [{ done: 3, total: 4 }, 0.75],
  [{ done: 3, total: 0 }, undefined],
  [{ done: 5, total: 4 }, undefined],
  [{ done: '3', total: 4 }, undefined],
  ['half', undefined],
  [null, undefined],
])('%j is %j', (value, share) => {
  expect(shareDone(value)).toBe(share)
})

test('figures are told where a value is nothing else', () => {
  expect(pairText({ done: 20, total: 40 })).toBe('20 of 40')
  expect(pairText({ done: 20, total: 40, file: 'x' })).toBeUndefined()
  expect(pairText(0.5)).toBeUndefined()
})

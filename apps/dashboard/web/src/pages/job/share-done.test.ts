import { expect, test } from 'vitest'
import { shareDone } from './share-done.js'

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

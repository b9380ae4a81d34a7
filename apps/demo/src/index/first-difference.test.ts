import { expect, test } from 'vitest'
import { firstDifference } from './first-difference.js'
import type { SearchIndex } from './search-index.js'

const index: SearchIndex = { documents: [{ doc: 'a', length: 2 }], words: [['x', [0, 2]]] }

test('says nothing of equal indexes', () => {
  expect(firstDifference(index, structuredClone(index))).toBeUndefined()
})

test('names the first document or word that differs, with both sides', () => {
  expect(firstDifference(index, { ...index, documents: [] })).toBe(
    'document 1 is "a" of 2 words by the queue and absent without it',
  )
  expect(firstDifference(index, { ...index, words: [['x', [0, 3]]] })).toBe(
    'word 1 is "x" at 0 2 by the queue and "x" at 0 3 without it',
  )
})

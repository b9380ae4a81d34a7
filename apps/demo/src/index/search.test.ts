import { describe, expect, test } from 'vitest'
import { search } from './search.js'
import type { SearchIndex } from './search-index.js'

const index: SearchIndex = {
  documents: [
    { doc: 'a', length: 100 },
    { doc: 'b', length: 100 },
    { doc: 'c', length: 10 },
    { doc: 'd', length: 100 },
    { doc: 'e', length: 100 },
  ],
  words: [
    ['common', [0, 1, 1, 1, 2, 1, 3, 1]],
    ['rare', [1, 1]],
    ['twice', [0, 2, 3, 2, 4, 1]],
  ],
}

describe('search', () => {
  test('scores as BM25 does', () => {
    // One document of average length would score idf exactly; here mean = 82, so the length of 100 counts.
    const idf = Math.log(1 + (5 - 1 + 0.5) / (1 + 0.5))
    const expected = (idf * 1 * 2.2) / (1 + 1.2 * (1 - 0.75 + (0.75 * 100) / 82))
    expect(search(index, 'rare', 5)).toEqual([{ doc: 'b', score: expect.closeTo(expected, 9), copies: 0 }])
  })

  test('ranks rare words over common ones and short documents over long ones', () => {
    expect(search(index, 'common rare', 5).map(({ doc }) => doc)).toEqual(['b', 'c', 'a'])
  })

  test('counts copies of one text as one hit, named after the first', () => {
    const [first, second] = search(index, 'twice', 5)
    expect(first).toMatchObject({ doc: 'a', copies: 1 })
    expect(second).toMatchObject({ doc: 'e', copies: 0 })
    expect(first?.score).toBeGreaterThan(second?.score ?? 0)
  })

  test('gives at most as many as asked, and none for words that nobody has', () => {
    expect(search(index, 'common rare twice', 2)).toHaveLength(2)
    expect(search(index, 'absent the', 5)).toEqual([])
    expect(search({ documents: [], words: [] }, 'common', 5)).toEqual([])
  })
})

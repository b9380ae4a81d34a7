import type { SearchIndex } from './search-index.js'
import { tokenize } from './tokenize.js'

/** BM25's usual constants: how soon more of the same word stops to count, and how much long documents pay. */
const SATURATION = 1.2
const LENGTH_PENALTY = 0.75

export interface Hit {
  readonly doc: string
  readonly score: number
  /** How many more documents have the same score and length: copies of one text, as licenses are. */
  readonly copies: number
}

/** The best documents for a query by BM25, best first, copies of one text as one hit. */
export function search(index: SearchIndex, query: string, limit: number): Hit[] {
  const { documents } = index
  const mean = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length)
  const scores = new Map<number, number>()
  const wanted = new Set(tokenize(query))
  for (const [word, postings] of index.words) {
    if (!wanted.has(word)) continue
    const having = postings.length / 2
    const rarity = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5))
    for (let at = 0; at < postings.length; at += 2) {
      const place = postings[at] as number
      const count = postings[at + 1] as number
      const length = documents[place]?.length ?? 0
      const weight = count + SATURATION * (1 - LENGTH_PENALTY + (LENGTH_PENALTY * length) / mean)
      scores.set(place, (scores.get(place) ?? 0) + (rarity * count * (SATURATION + 1)) / weight)
    }
  }
  // By place where scores are equal: places are sorted by name.
  const ranked = [...scores].sort(([leftPlace, left], [rightPlace, right]) => right - left || leftPlace - rightPlace)
  return withoutCopies(index, ranked).slice(0, limit)
}

function withoutCopies({ documents }: SearchIndex, ranked: readonly (readonly [number, number])[]): Hit[] {
  const hits = new Map<string, { doc: string; score: number; copies: number }>()
  for (const [place, score] of ranked) {
    const { doc = '', length = 0 } = documents[place] ?? {}
    const key = `${score.toFixed(9)} ${length}`
    const known = hits.get(key)
    if (known === undefined) hits.set(key, { doc, score, copies: 0 })
    else known.copies++
  }
  return [...hits.values()]
}

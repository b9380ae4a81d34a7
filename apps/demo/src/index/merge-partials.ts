import { byName } from '../corpus/document-ref.js'
import { readPartial } from './partial-index.js'
import type { IndexedDocument, SearchIndex } from './search-index.js'

/** Joins the indexes of single documents, one file in memory at a time. */
export async function mergePartials(
  parts: readonly { readonly doc: string; readonly partial: string }[],
): Promise<SearchIndex> {
  const documents: IndexedDocument[] = []
  const postings = new Map<string, number[]>()
  // In the order of the documents, so that every list of postings grows sorted.
  for (const { partial } of [...parts].sort(byName)) {
    const { doc, length, counts } = await readPartial(partial)
    const place = documents.push({ doc, length }) - 1
    for (const [word, count] of counts) {
      const list = postings.get(word)
      if (list === undefined) postings.set(word, [place, count])
      else list.push(place, count)
    }
  }
  return { documents, words: [...postings].sort(([left], [right]) => (left < right ? -1 : 1)) }
}

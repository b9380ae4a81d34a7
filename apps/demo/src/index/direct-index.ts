import type { DocumentRef } from '../corpus/document-ref.js'
import { readDocument } from '../corpus/read-document.js'
import type { SearchIndex } from './search-index.js'
import { tokenize } from './tokenize.js'

/**
 * The same index, computed here and now: no queue, no partial files, no merge. What the workflow made is measured
 * against this, so it shares with it only how a document is read and cut into words.
 */
export async function indexDirectly(documents: readonly DocumentRef[]): Promise<SearchIndex> {
  const lengths = new Map<string, number>()
  const counts = new Map<string, Map<string, number>>()
  for (const { doc, file } of documents) {
    const reading = await readDocument(file)
    if (!('text' in reading)) continue
    const words = tokenize(reading.text)
    lengths.set(doc, words.length)
    for (const word of words) {
      const byDocument = counts.get(word) ?? new Map<string, number>()
      counts.set(word, byDocument.set(doc, (byDocument.get(doc) ?? 0) + 1))
    }
  }
  const names = [...lengths.keys()].sort()
  const places = new Map(names.map((doc, place) => [doc, place]))
  return {
    documents: names.map((doc) => ({ doc, length: lengths.get(doc) ?? 0 })),
    words: [...counts.keys()].sort().map((word) => [word, postingsOf(counts.get(word), places)] as const),
  }
}

function postingsOf(
  byDocument: ReadonlyMap<string, number> | undefined,
  places: ReadonlyMap<string, number>,
): number[] {
  return [...(byDocument ?? [])]
    .map(([doc, count]) => [places.get(doc) ?? -1, count] as const)
    .sort(([left], [right]) => left - right)
    .flat()
}

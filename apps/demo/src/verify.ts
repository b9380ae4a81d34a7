import type { DocumentRef } from './corpus/document-ref.js'
import { readDocument } from './corpus/read-document.js'
import { indexDirectly } from './index/direct-index.js'
import { firstDifference } from './index/first-difference.js'
import { checksumOf, readIndex } from './index/index-file.js'
import { search } from './index/search.js'
import { snippet } from './index/snippet.js'
import type { Screen } from './report/screen.js'
import type { Summary } from './report/summary.js'

const HITS = 5
const SNIPPET_WIDTH = 100

export interface Verification {
  /** The index file that the workflow made. */
  readonly queued: string
  readonly documents: readonly DocumentRef[]
  readonly query: string
  readonly screen: Screen
}

/** Compares the workflow's index with one that is made here, without a queue, and asks it the query. */
export async function verify({
  queued,
  documents,
  query,
  screen,
}: Verification): Promise<Pick<Summary, 'equal' | 'checksum' | 'difference' | 'hits'>> {
  screen.live('making the same index without the queue, to compare …')
  const index = await readIndex(queued)
  const direct = await indexDirectly(documents)
  screen.rest()
  const equal = index.checksum === checksumOf(direct)
  const hits = []
  const files = new Map(documents.map(({ doc, file }) => [doc, file]))
  for (const hit of search(index, query, HITS)) {
    const reading = await readDocument(files.get(hit.doc) ?? '')
    hits.push({ ...hit, snippet: 'text' in reading ? snippet(reading.text, query, SNIPPET_WIDTH) : '' })
  }
  const difference = equal
    ? null
    : (firstDifference(index, direct) ?? 'the same words and documents, written differently')
  return { equal, checksum: index.checksum, difference, hits }
}

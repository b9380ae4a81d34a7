import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IndexedDocument, IndexedWord, SearchIndex } from './search-index.js'
import { writeWhole } from './write-whole.js'

/** JSON, a document or a word a line, so that two files can be compared with `diff`. */
export async function writeIndex(path: string, index: SearchIndex): Promise<{ readonly checksum: string }> {
  const hash = createHash('sha256')
  await writeWhole(path, hashing(indexLines(index), hash))
  return { checksum: hash.digest('hex') }
}

export async function readIndex(path: string): Promise<SearchIndex & { readonly checksum: string }> {
  const text = await readFile(path, 'utf8')
  const { documents, words } = JSON.parse(text) as { documents: [string, number][]; words: IndexedWord[] }
  return {
    documents: documents.map(([doc, length]): IndexedDocument => ({ doc, length })),
    words,
    checksum: createHash('sha256').update(text).digest('hex'),
  }
}

/** SHA-256 of the file that `writeIndex` would write. */
export function checksumOf(index: SearchIndex): string {
  const hash = createHash('sha256')
  for (const line of indexLines(index)) hash.update(line)
  return hash.digest('hex')
}

function* indexLines({ documents, words }: SearchIndex): Generator<string> {
  yield '{"documents":[\n'
  yield* separated(documents, ({ doc, length }) => [doc, length])
  yield '],"words":[\n'
  yield* separated(words, (word) => word)
  yield ']}\n'
}

function* separated<T>(items: readonly T[], toJson: (item: T) => unknown): Generator<string> {
  for (const [at, item] of items.entries())
    yield `${JSON.stringify(toJson(item))}${at === items.length - 1 ? '' : ','}\n`
}

function* hashing(lines: Iterable<string>, hash: ReturnType<typeof createHash>): Generator<string> {
  for (const line of lines) {
    hash.update(line)
    yield line
  }
}

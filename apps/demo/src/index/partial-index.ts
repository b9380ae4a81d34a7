import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tokenize } from './tokenize.js'
import { writeWhole } from './write-whole.js'

/** The index of one document. */
export interface PartialIndex {
  readonly doc: string
  /** How many words it has. */
  readonly length: number
  /** Word and how often, sorted by word. */
  readonly counts: readonly (readonly [word: string, count: number])[]
}

export function indexText(doc: string, text: string): PartialIndex {
  const counts = new Map<string, number>()
  const words = tokenize(text)
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return { doc, length: words.length, counts: [...counts].sort(([left], [right]) => (left < right ? -1 : 1)) }
}

/**
 * Writes it where its document alone decides: a job that runs twice writes the same bytes to the same place. Whoever reads
 * the path meets a whole file, also when a writer is killed in the middle.
 */
export async function writePartial(folder: string, partial: PartialIndex): Promise<string> {
  const path = join(folder, `${createHash('sha256').update(partial.doc).digest('hex').slice(0, 32)}.json`)
  await writeWhole(path, JSON.stringify(partial))
  return path
}

export async function readPartial(path: string): Promise<PartialIndex> {
  return JSON.parse(await readFile(path, 'utf8')) as PartialIndex
}

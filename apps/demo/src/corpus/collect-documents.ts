import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { byName, type DocumentRef } from './document-ref.js'
import { isDocument } from './is-document.js'

/** Not documents, or our own: a corpus that held the run folder would grow while it is read. */
const PASSED_OVER: ReadonlySet<string> = new Set(['.git', '.millrace'])

export interface Collected {
  readonly documents: readonly DocumentRef[]
  /** Folders that could not be listed. */
  readonly closed: readonly string[]
}

/**
 * Every document below a folder, in the order of their names. Follows no symlink below it, so each real path is met
 * once and no walk is endless. Whether a file can be read is found out by who reads it.
 *
 * @throws the file system's error when the folder itself cannot be listed.
 */
export async function collectDocuments(folder: string): Promise<Collected> {
  const root = await realpath(folder)
  const documents: DocumentRef[] = []
  const closed: string[] = []
  const waiting: string[] = ['']
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
      if (below === '') throw error
      closed.push(below as string)
      return []
    })
    for (const entry of entries) {
      const doc = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) {
        if (!PASSED_OVER.has(entry.name)) waiting.push(doc)
      } else if (entry.isFile() && isDocument(entry.name)) {
        documents.push({ doc, file: join(root, doc) })
      }
    }
  }
  return { documents: documents.sort(byName), closed: closed.sort() }
}

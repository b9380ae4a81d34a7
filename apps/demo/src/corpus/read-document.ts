import { access, readFile, stat } from 'node:fs/promises'

/** Larger documents are not indexed, bytes. Bounds what a handler holds in memory. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024

/** Why a document cannot be read. */
export type Obstacle = 'missing' | 'locked' | 'not-a-file' | 'unreadable' | 'too-large' | 'bad-encoding' | 'empty'

/** What may look different at the next attempt. Nothing else is worth one. */
const PASSING: ReadonlySet<Obstacle> = new Set(['missing', 'locked'])

export type Reading =
  | { readonly text: string; readonly bytes: number }
  | { readonly obstacle: Obstacle; readonly passing: boolean; readonly detail: string }

/**
 * The text of a document, or what stands in its way, as a value: its caller decides whether that is a failure.
 *
 * @throws the file system's error for everything without a name here (out of descriptors, a broken disk).
 */
export async function readDocument(file: string): Promise<Reading> {
  const facts = await stat(file).catch(unlessAbsent)
  if (facts === undefined) return obstacle('missing', 'there is no file at the end of this path')
  if (!facts.isFile()) return obstacle('not-a-file', facts.isDirectory() ? 'it is a folder' : 'it is no regular file')
  // By mode, since root may read everything: a file that its owner has closed stays closed.
  if ((facts.mode & 0o444) === 0) return obstacle('unreadable', 'its mode lets nobody read it')
  if (facts.size > MAX_DOCUMENT_BYTES)
    return obstacle('too-large', `${facts.size} bytes, at most ${MAX_DOCUMENT_BYTES}`)
  if (facts.size === 0) return obstacle('empty', 'it has no text')
  if (await isLocked(file)) return obstacle('locked', 'its writer has not finished: the lock file is still there')
  const bytes = await readFile(file).catch(unlessForbidden)
  if (bytes === undefined) return obstacle('unreadable', 'this user may not read it')
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.length }
  } catch {
    return obstacle('bad-encoding', 'it is not UTF-8')
  }
}

/** The convention by which the writer of a document tells that it has not finished. */
export function lockOf(file: string): string {
  return `${file}.lock`
}

function isLocked(file: string): Promise<boolean> {
  return access(lockOf(file)).then(
    () => true,
    () => false,
  )
}

function obstacle(what: Obstacle, detail: string): Reading {
  return { obstacle: what, passing: PASSING.has(what), detail }
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP') return undefined
  throw error
}

function unlessForbidden(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'EACCES' || error.code === 'EPERM') return undefined
  throw error
}

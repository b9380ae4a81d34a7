import { chmod, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentRef } from './document-ref.js'
import { lockOf, MAX_DOCUMENT_BYTES } from './read-document.js'

export interface DifficultDocuments {
  /** Fail at first: their writer holds a lock on them until `finishLate()`. */
  readonly late: readonly DocumentRef[]
  /** Fail for good, each for a reason of its own. */
  readonly hostile: readonly DocumentRef[]
  /** The writer of the late ones finishes. Safe to repeat. */
  finishLate(): Promise<void>
}

const LATE = ['late-arrival.md', 'late-appendix.md', 'late-erratum.md']

/** Makes documents of every kind that real folders have and readers stumble over, in a folder of their own. */
export async function makeDifficultDocuments(folder: string): Promise<DifficultDocuments> {
  await mkdir(folder, { recursive: true })
  const at = (name: string): DocumentRef => ({ doc: `(demo)/${name}`, file: join(folder, name) })

  const late = LATE.map(at)
  for (const { doc, file } of late) {
    await writeFile(lockOf(file), '')
    await writeFile(
      file,
      `# ${doc}\n\nPermission is granted to read this one late: its writer was not done at first.\n`,
    )
  }

  const hostile = ['folder.md', 'dangling.md', 'huge.md', 'latin1.md', 'empty.md', 'closed.md'].map(at)
  const [directory, dangling, huge, latin1, empty, closed] = hostile.map(({ file }) => file) as FilePaths
  await mkdir(directory, { recursive: true })
  await symlink('nowhere.md', dangling)
  await writeFile(huge, 'large ')
  await truncate(huge, MAX_DOCUMENT_BYTES + 1)
  await writeFile(latin1, Buffer.from('na\u00efve, fa\u00e7ade, stra\u00dfe\n', 'latin1'))
  await writeFile(empty, '')
  await writeFile(closed, 'Nobody may read this.\n')
  await chmod(closed, 0o000)

  return {
    late,
    hostile,
    async finishLate() {
      for (const { file } of late) await rm(lockOf(file), { force: true })
    },
  }
}

type FilePaths = [string, string, string, string, string, string]

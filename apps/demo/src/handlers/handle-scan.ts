import { collectDocuments } from '../corpus/collect-documents.js'
import { writeWhole } from '../index/write-whole.js'
import { scan } from '../tasks.js'

scan.handle(async ({ folder, manifest }) => {
  const { documents, closed } = await collectDocuments(folder)
  // Thousands of paths go into a file, and the address of the file into the result.
  await writeWhole(manifest, JSON.stringify(documents))
  return { manifest, documents: documents.length, closedFolders: closed.length }
})

import { Fatal } from 'millrace'
import { readDocument } from '../corpus/read-document.js'
import { check } from '../tasks.js'

check.handle(async ({ doc, file }) => {
  const reading = await readDocument(file)
  if ('text' in reading) return { doc, bytes: reading.bytes }
  const { obstacle, passing, detail } = reading
  if (passing) throw new Error(`${obstacle}: ${detail}`)
  throw new Fatal(`${obstacle}: ${detail}`, { data: { doc, obstacle } })
})

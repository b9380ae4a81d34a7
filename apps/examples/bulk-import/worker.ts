import { open } from 'node:fs/promises'
import { app, importCustomer, importFile, isCustomer } from './tasks.ts'

const ROWS_A_CALL = 500

importFile.handle(async ({ path }, ctx) => {
  await using file = await open(path)
  const { size } = await file.stat()
  const sum = { rows: 0, refused: 0 }
  let read = 0
  let batch: { id: string; name: string }[] = []
  const send = async () => {
    ctx.signal.throwIfAborted()
    if (batch.length > 0) await importCustomer.enqueueMany(batch)
    batch = []
    ctx.progress({ ...sum, percent: Math.round((100 * read) / size) })
  }
  for await (const line of file.readLines()) {
    read += Buffer.byteLength(line) + 1
    const [id = '', name = ''] = line.split(',')
    if (isCustomer({ id, name })) batch.push({ id, name })
    else sum.refused += 1
    sum.rows += 1
    if (batch.length === ROWS_A_CALL) await send()
  }
  await send()
  return sum
})

// An upsert: a second attempt of the file brings its rows again.
importCustomer.handle(async () => {})

export { app }

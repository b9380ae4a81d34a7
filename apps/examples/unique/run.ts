import { UniqueConflictError } from 'millrace'
import { app, documentChanged, reindex } from './tasks.ts'

const edits = [await documentChanged('a'), await documentChanged('a'), await documentChanged('a')]
console.log('jobs of three edits:', new Set(edits.map((job) => job.id)).size)
console.log('runs:', await edits[0]?.result({ timeout: '10s' }))

const unique = { key: 'b', for: '1h', onConflict: 'throw' } as const
const first = await reindex.enqueue({ documentId: 'b' }, { delay: '1h', unique })
await reindex.enqueue({ documentId: 'b' }, { unique }).catch((error: unknown) => {
  if (error instanceof UniqueConflictError)
    console.log('refused: held by the', error.holder === first.id ? 'first' : 'other')
})
console.log(await first.cancel())
await app.close()

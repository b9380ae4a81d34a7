import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-unique' })

export const reindex = app.define('search.reindex', {
  input: z.object({ documentId: z.string() }),
  output: z.number(),
  queue: 'search',
})

/** Many edits in a row, one job: the first of them decides when, the others find it waiting. */
export function documentChanged(documentId: string) {
  // #region debounce
  // Free again once the job starts: an edit during the work makes a new job.
  const unique = { key: documentId, until: 'started' } as const
  return reindex.enqueue({ documentId }, { delay: '300ms', unique })
  // #endregion
}

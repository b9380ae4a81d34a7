import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('a file becomes a job per good row, with progress', async () => {
  expect(await runExample('bulk-import')).toEqual(['5000 rows, 5 refused', '4995 customers'])
}, 60_000)

import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('a job goes to a worker process and its result comes back', async () => {
  expect(await runExample('first-task')).toEqual([expect.stringMatching(/^\S+ \{ messageId: 'receipt-A-17' \}$/)])
}, 60_000)

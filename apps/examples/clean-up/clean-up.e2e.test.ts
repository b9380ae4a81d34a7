import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('a schedule of the code is stored, and removes what is old', async () => {
  expect(await runExample('clean-up')).toEqual(['nightly-clean-up active', 'removed old.tmp older.tmp'])
}, 60_000)

import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('three edits make one job; a held key is refused', async () => {
  expect(await runExample('unique')).toEqual([
    'jobs of three edits: 1',
    'runs: 1',
    'refused: held by the first',
    'cancelled',
  ])
}, 60_000)

import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('what is urgent overtakes, what is not lets others pass', async () => {
  expect(await runExample('priorities')).toEqual(['first 1', 'alarm 2', 'ordinary 3 4', 'newsletter 5 6'])
}, 60_000)

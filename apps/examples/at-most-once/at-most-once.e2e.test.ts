import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('a job that fails is not tried again', async () => {
  expect(await runExample('at-most-once')).toEqual(['rang 555-1 at attempt 1', '555-0: the line broke, attempts: 1'])
}, 60_000)

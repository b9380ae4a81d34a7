import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('what is committed is enqueued once, what is rolled back never', async () => {
  expect(await runExample('after-commit')).toEqual([
    'A-18 rolled back',
    'relay killed',
    'relayed again 1 left 0',
    'shipped A-17',
    'A-18 unknown',
    'jobs 1',
  ])
}, 60_000)

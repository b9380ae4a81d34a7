import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('a web server enqueues with the contract only; repeats are one job, bad input is a 400', async () => {
  expect(await runExample('web-app')).toEqual([expect.stringMatching(/^202 receipt:A-17 once$/), '400', 'receipt-A-17'])
}, 60_000)

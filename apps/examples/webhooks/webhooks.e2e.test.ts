import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('deliveries are retried with back-off, later when asked, and not at all where that is useless', async () => {
  expect(await runExample('webhooks')).toEqual([
    '/flaky delivered at attempt 3',
    '/busy delivered at attempt 2',
    '/gone the receiver answered 410 after 1 attempt',
    '3 keys',
  ])
}, 60_000)

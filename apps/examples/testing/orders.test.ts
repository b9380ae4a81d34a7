import '@millrace/testing/vitest'
import { testApp } from '@millrace/testing'
import { expect, test } from 'vitest'
import { app, placeOrder, remind, sendReceipt } from './orders.ts'

// #region run
test('one handler, without a broker', async () => {
  expect(await sendReceipt.run({ orderId: 'A-17' })).toBe('receipt-A-17')
  await expect(sendReceipt.run({ orderId: 'unlucky' })).rejects.toThrow('no such address')
})
// #endregion

// #region app
test('an order is followed by its receipt', async () => {
  await using t = testApp(app)
  await placeOrder.enqueue({ orderId: 'A-17' })
  await t.drain()
  expect(t).toHaveEnqueued(sendReceipt, { orderId: 'A-17' })
})

test('a receipt is tried for half a day', async () => {
  await using t = testApp(app)
  const job = await sendReceipt.enqueue({ orderId: 'unlucky' })
  await t.advance('3d')
  expect(await job.outcome()).toMatchObject({ state: 'failed', error: { attempts: 8 } })
  expect(t.failures().map(({ retryInMs }) => (retryInMs ?? 0) / 60_000)).toEqual([5, 10, 20, 40, 80, 160, 320, 0])
})

test('working days have mornings', async () => {
  await using t = testApp(app, { now: new Date('2030-01-04T12:00:00Z') })
  await t.advance('3d')
  expect(t.enqueued(remind)).toHaveLength(1)
})
// #endregion

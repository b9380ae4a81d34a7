import './vitest.js'
import { createApp, type TaskContext, task, tasks } from 'millrace'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { type EnqueuedJob, type RunCounts, testApp } from './index.js'

const app = createApp()
const receipt = app.define('receipt', {
  input: z.object({ orderId: z.string(), lines: z.array(z.number()).default([]) }),
})
const bare = app.define('bare')
const t = testApp(app)

@tasks()
class Mail {
  @task('mail.welcome')
  welcome(_input: { to: string }, _ctx: TaskContext) {}
}
const mail = app.register(new Mail())

test('the kit', async () => {
  expectTypeOf(await t.drain()).toEqualTypeOf<RunCounts>()
  expectTypeOf(t.enqueued()).toEqualTypeOf<readonly EnqueuedJob[]>()
  expectTypeOf(t.enqueued(receipt)[0]?.input).toEqualTypeOf<
    { orderId: string; lines?: number[] | undefined } | undefined
  >()
  t.assertEnqueued(receipt, { orderId: 'a' }, { times: 1 })
  // @ts-expect-error no such property
  t.assertEnqueued(receipt, { order: 'a' })
  // @ts-expect-error no such unit
  void t.advance('3 days')
  // @ts-expect-error no such option
  testApp(app, { clock: new Date() })
  // @ts-expect-error a promise of counts
  expectTypeOf(t.drain()).toExtend<RunCounts>()
})

test('the matcher', () => {
  expect(t).toHaveEnqueued(receipt)
  expect(t).toHaveEnqueued(receipt, { orderId: 'a' })
  expect(t).toHaveEnqueued(receipt, { orderId: expect.any(String), lines: [1] }, { times: 2 })
  expect(t).not.toHaveEnqueued(mail.welcome, { to: 'a' })
  expect(t).toHaveEnqueued(bare, { anything: 1 })
  // @ts-expect-error a number is no order
  expect(t).toHaveEnqueued(receipt, { orderId: 1 })
  // @ts-expect-error no such property
  expect(t).toHaveEnqueued(receipt, { order: 'a' })
  // @ts-expect-error the task, not its name
  expect(t).toHaveEnqueued('receipt')
  // @ts-expect-error no such option
  expect(t).toHaveEnqueued(receipt, {}, { time: 1 })
})

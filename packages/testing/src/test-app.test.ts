import { type App, createApp, group } from 'millrace'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testApp } from './index.js'

function shop() {
  const app = createApp({ name: 'shop' })
  const ran: unknown[] = []
  const receipt = app.task(
    'mail.send-receipt',
    { input: z.object({ orderId: z.string(), to: z.string().default('nobody') }), output: z.string(), queue: 'mail' },
    ({ orderId }) => {
      ran.push(orderId)
      return `receipt-${orderId}`
    },
  )
  const order = app.task('shop.order', { input: z.string() }, async (orderId) => {
    ran.push(`order ${orderId}`)
    await receipt.enqueue({ orderId })
  })
  return { app, ran, receipt, order }
}

const HOUR = 3_600_000

describe('drain', () => {
  it('runs what is ready and what that enqueues, in order, until nothing is', async () => {
    const { app, ran, receipt, order } = shop()
    await using t = testApp(app)
    await order.enqueue('A')
    const job = await receipt.enqueue({ orderId: 'B' })
    expect(await t.drain()).toEqual({ succeeded: 3, retried: 0, failed: 0, cancelled: 0, released: 0 })
    expect([...ran].sort()).toEqual(['A', 'B', 'order A'])
    expect(await job.result()).toBe('receipt-B')
    expect(await t.drain()).toMatchObject({ succeeded: 0 })
  })

  it('leaves what waits for its time, and retries', async () => {
    const { app, ran, receipt } = shop()
    await using t = testApp(app)
    const later = await receipt.enqueue({ orderId: 'later' }, { delay: '5m' })
    await t.drain()
    expect([ran, await later.state()]).toEqual([[], 'scheduled'])
    await t.advance('4m')
    expect(ran).toEqual([])
    await t.advance('1m')
    expect(ran).toEqual(['later'])
  })

  it('runs whole workflows, over queues', async () => {
    const { app, receipt } = shop()
    const count = app.task('count', { input: z.array(z.string()), output: z.number() }, (all) => all.length)
    await using t = testApp(app)
    const members = ['A', 'B', 'C'].map((orderId) => receipt.with({ orderId }))
    const job = await group(members).pipe(count).enqueue()
    await t.drain()
    expect(await job.result()).toBe(3)
  })

  it('waits for handlers that really wait', async () => {
    const app = createApp()
    const slow = app.task('slow', { output: z.string() }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return 'done'
    })
    await using t = testApp(app)
    const job = await slow.enqueue()
    await t.drain()
    expect(await job.result()).toBe('done')
  })

  it('says what still runs when there is no end', async () => {
    const app = createApp()
    const never = app.task(
      'never',
      (_, ctx) => new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', reject)),
    )
    const loop = app.task('loop', async () => {
      await loop.enqueue()
    })
    await using t = testApp(app, { timeout: 500 })
    const job = await never.enqueue()
    await expect(t.drain()).rejects.toThrow(`still running: never (job ${job.id}, attempt 1)`)
    await t.close()
    await using again = testApp(app, { timeout: 500 })
    await loop.enqueue()
    await expect(again.drain()).rejects.toThrow(/a task that enqueues itself never ends/)
  })
})

describe('advance', () => {
  it('runs three days of retries, each when it is due', async () => {
    const app = createApp()
    const at: number[] = []
    const backoff = { kind: 'exponential', initial: '1h', max: '12h', jitter: 'none' } as const
    const flaky = app.task('flaky', { retry: { attempts: 20, backoff } }, () => {
      at.push(t.now().getTime())
      throw new Error('still down')
    })
    const from = new Date('2030-01-01T00:00:00Z')
    await using t = testApp(app, { now: from })
    await flaky.enqueue()
    const run = await t.advance('3d')
    const hours = at.map((ms) => (ms - from.getTime()) / HOUR)
    expect(hours).toEqual([0, 1, 3, 7, 15, 27, 39, 51, 63])
    expect(run).toMatchObject({ retried: 9, failed: 0 })
    expect(t.now()).toEqual(new Date('2030-01-04T00:00:00Z'))
    expect(t.failures()).toHaveLength(9)
    expect(t.failures()[0]).toMatchObject({
      task: 'flaky',
      attempt: 1,
      retryInMs: HOUR,
      failure: { message: 'still down' },
    })
  })

  it('fires schedules, with their tick in the headers, and takes part in their time zone', async () => {
    const { app, ran, receipt } = shop()
    app.schedule('nightly', { cron: '30 3 * * *', timezone: 'Europe/Paris' }, receipt.with({ orderId: 'night' }))
    app.schedule('hourly', { every: '1h', align: true }, receipt.with({ orderId: 'hour' }))
    await using t = testApp(app, { now: new Date('2030-01-01T00:00:00Z') })
    await t.advance('3d')
    expect(ran.filter((each) => each === 'night')).toHaveLength(3)
    expect(ran.filter((each) => each === 'hour')).toHaveLength(72)
    const [first] = t.enqueued(receipt).filter(({ input }) => input.orderId === 'night')
    expect(first?.enqueuedAt).toEqual(new Date('2030-01-01T02:30:00Z'))
  })

  it('times handlers out by the clock', async () => {
    const app = createApp()
    const slow = app.task(
      'slow',
      { timeout: '30s', retry: { attempts: 2, backoff: { kind: 'fixed', delay: '1m' } } },
      (_, ctx) => {
        return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
      },
    )
    await using t = testApp(app, { patience: 20 })
    const job = await slow.enqueue()
    expect(await t.advance('29s')).toMatchObject({ retried: 0, failed: 0 })
    expect(await t.advance('2s')).toMatchObject({ retried: 1 })
    expect(await t.advance('10m')).toMatchObject({ failed: 1 })
    expect(await job.outcome()).toMatchObject({ state: 'failed', error: { attempts: 2, reason: 'timeout' } })
  })

  it('forgets results, frees unique keys and lets jobs expire when their time is over', async () => {
    const { app, receipt } = shop()
    await using t = testApp(app)
    const unique = { key: 'k', for: '10m' } as const
    const first = await receipt.enqueue({ orderId: 'A' }, { delay: '1h', unique, expires: '2h' })
    expect((await receipt.enqueue({ orderId: 'A' }, { unique })).id).toBe(first.id)
    await t.advance('11m')
    expect((await receipt.enqueue({ orderId: 'A' }, { unique })).id).not.toBe(first.id)
    await t.advance('3h')
    expect(t.enqueued(receipt)).toHaveLength(2)
    await expect(first.result()).rejects.toThrow(/RESULT_NOT_KEPT|not kept|no result/i)
  })
})

describe('an app under test', () => {
  it('passes through its middleware and hooks, on the clock of the test', async () => {
    const { app, order } = shop()
    const seen: string[] = []
    app.use({
      enqueue: async (message, next) => {
        message.headers.by = 'test'
        await next()
      },
      execute: (attempt, next) => {
        seen.push(`${attempt.task} ${attempt.headers.by} ${attempt.ctx.enqueuedAt.toISOString()}`)
        return next()
      },
    })
    await using t = testApp(app, { now: new Date('2030-01-01T00:00:00Z') })
    await order.enqueue('A')
    await t.drain()
    expect(seen).toEqual([
      'shop.order test 2030-01-01T00:00:00.000Z',
      'mail.send-receipt test 2030-01-01T00:00:00.000Z',
    ])
  })

  it('is one test at a time; others, of the same name too, are not disturbed', async () => {
    const [one, two] = [shop(), shop()]
    await using a = testApp(one.app)
    expect(() => testApp(one.app)).toThrow(/the app shop, which is under test.*close the first/)
    await using b = testApp(two.app)
    await one.order.enqueue('one')
    await two.order.enqueue('two')
    await Promise.all([a.drain(), b.advance('1d')])
    expect([one.ran, two.ran]).toEqual([
      ['order one', 'one'],
      ['order two', 'two'],
    ])
    await a.close()
    await a.close()
    await using again = testApp(one.app)
    expect(again.enqueued()).toEqual([])
    expect(await again.drain()).toMatchObject({ succeeded: 0 })
  })

  it('has its own broker and clock back afterwards', async () => {
    const app: App = createApp({ name: 'back', broker: 'memory://' })
    const before = await app.broker()
    const t = testApp(app, { now: new Date(0) })
    expect(await app.broker()).not.toBe(before)
    await t.close()
    expect(await app.broker()).toBe(before)
    await app.close()
  })

  it('takes tasks that are defined later, and puts back what nobody handles', async () => {
    const { app, ran, receipt } = shop()
    const elsewhere = app.define('elsewhere')
    await using t = testApp(app)
    await receipt.enqueue({ orderId: 'A' })
    await t.drain()
    const late = app.task('late', { queue: 'another' }, () => void ran.push('late'))
    await late.enqueue()
    const job = await elsewhere.enqueue()
    expect(await t.drain()).toMatchObject({ succeeded: 1, released: 1 })
    expect(await job.state()).toBe('retrying')
    expect(ran).toEqual(['A', 'late'])
  })

  it('refuses options that it does not know', () => {
    const { app } = shop()
    expect(() => testApp(app, { clock: 1 } as never)).toThrow(/testApp\.clock/)
    expect(() => testApp(app, { now: '2030' as never })).toThrow(/testApp\.now.*a valid Date/)
    expect(() => testApp(app, { timeout: 'soon' as never })).toThrow(/timeout/)
  })
})

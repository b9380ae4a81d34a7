import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApp, Fatal, group } from './index.js'
import { createDispatcher, createWorker } from './worker.js'

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }
const WAIT = { timeout: '30s' } as const
let apps = 0
const memoryApp = (options: object = {}) =>
  createApp({ name: `e2e-${++apps}`, broker: 'memory://', logger: silent, ...options })

describe('a worker beside a producer', () => {
  it('runs jobs, keeps results, tells failures as data, and reports progress', async () => {
    await using app = memoryApp()
    const add = app.task(
      'add',
      { input: z.object({ x: z.number(), y: z.number() }), output: z.number() },
      ({ x, y }) => x + y,
    )
    const fails = app.define('fails', { results: { keep: '1m' } }).handle(() => {
      throw new Fatal('no', { data: { why: 1 } })
    })
    const { promise: watched, resolve: watch } = Promise.withResolvers<void>()
    const slow = app.define('slow', { results: { keep: '1m' } }).handle(async (_, ctx) => {
      await watched
      ctx.progress({ half: true })
      return 1
    })
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await add.enqueue({ x: 2, y: 3 })).result(WAIT)).toBe(5)
    const jobs = await add.enqueueMany(Array.from({ length: 1_500 }, (_, x) => ({ x, y: 1 })))
    expect(await jobs.at(-1)?.result(WAIT)).toBe(1_500)
    await expect((await fails.enqueue()).result(WAIT)).rejects.toMatchObject({
      code: 'JOB_FAILED',
      message: 'no',
      data: { why: 1 },
      attempts: 1,
    })
    const job = await slow.enqueue()
    const progress = job.progress(WAIT)
    const first = progress.next()
    watch()
    expect((await first).value).toEqual({ half: true })
    expect(await job.result(WAIT)).toBe(1)
  })

  it('runs delayed jobs and retries by the dispatcher that it carries', async () => {
    await using app = memoryApp()
    let attempts = 0
    const flaky = app.task('flaky', { output: z.number(), retry: { backoff: { kind: 'fixed', delay: 20 } } }, () => {
      attempts++
      if (attempts < 3) throw new Error('not yet')
      return attempts
    })
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await flaky.enqueue(undefined, { delay: 20 })).result(WAIT)).toBe(3)
  })

  it('runs chains, chords, chains within and after them, and empty groups', async () => {
    await using app = memoryApp()
    const fetched = app.task(
      'fetch',
      { input: z.object({ url: z.string() }), output: z.object({ size: z.number() }) },
      ({ url }) => ({ size: url.length }),
    )
    const scale = app.task(
      'scale',
      { input: z.object({ size: z.number(), by: z.number() }), output: z.number() },
      ({ size, by }) => size * by,
    )
    const sum = app.task('sum', { input: z.array(z.number()), output: z.number() }, (numbers) =>
      numbers.reduce((a, b) => a + b, 0),
    )
    const show = app.task('show', { input: z.number(), output: z.string() }, (total) => `total ${total}`)
    const bare = app.task('bare', { input: z.string() }, (text) => ({ url: text }))
    const label = app.task(
      'label',
      { input: z.object({ to: z.string(), results: z.array(z.number()) }), output: z.string() },
      ({ to, results }) => `${to}: ${results.join(',')}`,
    )
    await using worker = createWorker(app)
    await worker.start()

    const chain = await fetched.with({ url: 'abc' }).pipe(scale, { by: 10 }).pipe(show).enqueue()
    expect(await chain.result(WAIT)).toBe('total 30')
    const fromBare = await bare.with('abcd').pipe(fetched).pipe(scale, { by: 2 }).enqueue()
    expect(await fromBare.result(WAIT)).toBe(8)
    const members = ['a', 'bb', 'ccc'].map((url) => fetched.with({ url }).pipe(scale, { by: 1 }))
    expect(await (await group(members).pipe(sum).pipe(show).enqueue()).result(WAIT)).toBe('total 6')
    expect(await (await group(members).pipe(label, { to: 'x' }).enqueue()).result(WAIT)).toBe('x: 1,2,3')
    expect(await (await group([]).pipe(sum).enqueue()).result(WAIT)).toBe(0)
    expect(await (await group(members).enqueue()).results(WAIT)).toEqual([1, 2, 3])
    const big = await group(Array.from({ length: 1_200 }, (_, i) => scale.with({ size: i, by: 1 })))
      .pipe(sum)
      .enqueue()
    expect(await big.result(WAIT)).toBe((1_199 * 1_200) / 2)
  })

  it('passes everything through middleware and codec', async () => {
    const codec = {
      name: 'hex',
      encode: (json: string) => Buffer.from(json).toString('hex'),
      decode: (text: string) => Buffer.from(text, 'hex').toString(),
    }
    await using app = memoryApp({ codec })
    const seen: unknown[] = []
    app.use({
      enqueue: async (message, next) => {
        message.headers.trace = 'abc'
        await next()
      },
    })
    app.use({
      execute: async (attempt, next) => {
        seen.push(attempt.headers.trace, attempt.input)
        return next()
      },
    })
    app.use({ execute: async (_, next) => Number(await next()) + 1 })
    const double = app.task('double', { input: z.number(), output: z.number() }, (n) => n * 2)
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await double.enqueue(4)).result(WAIT)).toBe(9)
    expect(seen).toEqual(['abc', 4])
    expect(await (await double.with(4).pipe(double).enqueue()).result(WAIT)).toBe(19)
  })

  it('starts and stops in any order, with and without its dispatcher', async () => {
    await using app = memoryApp()
    app.task('a', () => 1)
    const worker = createWorker(app, { dispatcher: false })
    await worker.stop()
    await worker.start()
    expect(worker.dispatcher).toBeUndefined()
    await Promise.all([worker.stop(), worker.stopped()])
    const dispatcher = createDispatcher(app)
    await dispatcher.stop()
    await Promise.all([dispatcher.start(), dispatcher.start()])
    expect(dispatcher.status()?.state).not.toBe('stopped')
    await dispatcher.stop()
    await dispatcher.stop()
    expect(dispatcher.status()?.state).toBe('stopped')
    expect(() => createWorker(app, { dispatcher: 'yes' as never })).toThrow(/dispatcher/)
    expect(() => createWorker(app, { concurency: 5 } as never)).toThrow(/Did you mean "concurrency"/)
  })
})

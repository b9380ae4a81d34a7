import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type App,
  type AppOptions,
  type CrashNotice,
  createApp,
  type FailureNotice,
  Fatal,
  group,
  type Logger,
  type RetryNotice,
} from './index.js'
import { createDispatcher, createWorker } from './worker.js'

const WAIT = { timeout: '30s' } as const
let apps = 0

function logged(): { readonly lines: { text: string; fields: Record<string, unknown> }[]; readonly logger: Logger } {
  const lines: { text: string; fields: Record<string, unknown> }[] = []
  const write = (first: object | string, text?: string) => {
    lines.push(typeof first === 'string' ? { text: first, fields: {} } : { text: text ?? '', fields: { ...first } })
  }
  const logger: Logger = {
    trace: write,
    debug: write,
    info: write,
    warn: write,
    error: write,
    fatal: write,
    child: () => logger,
  }
  return { lines, logger }
}

function memoryApp(options: AppOptions = {}): App {
  return createApp({ name: `hooks-${++apps}`, broker: 'memory://', logger: logged().logger, ...options })
}

const FAST = { attempts: 3, backoff: { kind: 'fixed', delay: 1 } } as const

describe('onRetry and onFailed', () => {
  it('are told of each failure, with the job, the record and the error itself', async () => {
    await using app = memoryApp()
    const told: [string, RetryNotice | FailureNotice][] = []
    app.use({
      onRetry: (notice) => told.push(['retry', notice]),
      onFailed: (notice) => told.push(['failed', notice]),
    })
    const thrown = Object.assign(new Error('no luck'), { data: { code: 7 } })
    const unlucky = app.task('unlucky', { retry: FAST }, () => {
      throw thrown
    })
    await using worker = createWorker(app)
    await worker.start()
    const job = await unlucky.enqueue({}, { headers: { tenant: 'a' } })
    expect(await job.outcome(WAIT)).toMatchObject({ state: 'failed', error: { attempts: 3 } })
    expect(told.map(([hook, { attempt }]) => [hook, attempt])).toEqual([
      ['retry', 1],
      ['retry', 2],
      ['failed', 3],
    ])
    expect(told[0]?.[1]).toMatchObject({
      jobId: job.id,
      task: 'unlucky',
      queue: 'default',
      crashes: 0,
      headers: { tenant: 'a' },
      delayMs: 1,
      failure: { message: 'no luck', data: { code: 7 }, reason: 'error', attempt: 1 },
    })
    expect(told.every(([, { error }]) => error === thrown)).toBe(true)
  })

  it('are told of what was not thrown: a retry asked for, a timeout, an output refused', async () => {
    await using app = memoryApp()
    const reasons: string[] = []
    app.use({
      onRetry: ({ failure }) => reasons.push(failure.reason),
      onFailed: ({ failure }) => reasons.push(failure.reason),
    })
    const asks = app.task('asks', { retry: FAST }, (_, ctx) => (ctx.attempt === 1 ? ctx.retry() : 'done'))
    const slow = app.task('slow', { timeout: 5, retry: { attempts: 1 } }, (_, ctx) => {
      return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', reject))
    })
    const wrong = app.task('wrong', { output: z.number() }, () => 'text' as never)
    await using worker = createWorker(app)
    await worker.start()
    for (const task of [asks, slow, wrong]) await (await task.enqueue()).outcome(WAIT)
    expect(reasons).toEqual(['retry-asked', 'timeout', 'invalid-output'])
  })

  it('break nothing when they throw or reject: logged, the next hook called, the job settled', async () => {
    const { lines, logger } = logged()
    await using app = memoryApp({ logger })
    const told: string[] = []
    app.use({
      onRetry: () => {
        throw new Error('tracker down')
      },
      onFailed: async () => Promise.reject(new Error('tracker away')),
    })
    app.use({ onRetry: () => told.push('retry'), onFailed: () => told.push('failed') })
    const twice = app.task('twice', { retry: { ...FAST, attempts: 2 } }, () => {
      throw new Error('no')
    })
    await using worker = createWorker(app)
    await worker.start()
    const job = await twice.enqueue()
    expect(await job.outcome(WAIT)).toMatchObject({ state: 'failed' })
    expect(told).toEqual(['retry', 'failed'])
    const errors = lines.filter(({ text }) => text.startsWith('the hook'))
    expect(errors.map(({ text, fields }) => [text, (fields.err as Error).message, fields.jobId])).toEqual([
      ['the hook onRetry threw', 'tracker down', job.id],
      ['the hook onFailed threw', 'tracker away', job.id],
    ])
  })
})

describe('onCrash', () => {
  it('is told by the dispatcher of the jobs of a dead worker; of its last crash, onFailed as well', async () => {
    await using app = memoryApp()
    const crashed: CrashNotice[] = []
    const failed: FailureNotice[] = []
    const done = Promise.withResolvers<void>()
    app.use({
      onCrash: (notice) => crashed.push(notice),
      onFailed: (notice) => {
        failed.push(notice)
        done.resolve()
      },
    })
    const brittle = app.define('brittle', { maxCrashes: 1 })
    const tough = app.define('tough')
    const jobs = [await tough.enqueue({}, { headers: { tenant: 'a' } }), await brittle.enqueue({})]
    const seat = await (await app.broker()).consumer.join({ queue: 'default', index: 0 }, { id: 'dead', leaseMs: 100 })
    expect((await seat.exchange({ settlements: [], want: 10, empty: true })).reservations).toHaveLength(2)
    await using dispatcher = createDispatcher(app)
    await dispatcher.start()
    await done.promise
    expect(crashed).toMatchObject([
      { jobId: jobs[0]?.id, task: 'tough', crashes: 1, attempt: 1, failed: false, headers: { tenant: 'a' } },
      { jobId: jobs[1]?.id, task: 'brittle', crashes: 1, failed: true },
    ])
    expect(failed).toMatchObject([
      { jobId: jobs[1]?.id, task: 'brittle', failure: { reason: 'poison' }, error: undefined },
    ])
  })
})

describe('middleware', () => {
  it('runs in the order of use, around enqueue and around the handler', async () => {
    await using app = memoryApp()
    const order: string[] = []
    for (const name of ['outer', 'inner']) {
      app.use({
        enqueue: async (_, next) => {
          order.push(`${name} enqueue`)
          await next()
          order.push(`${name} enqueued`)
        },
        execute: async (_, next) => {
          order.push(`${name} execute`)
          const value = await next()
          order.push(`${name} executed`)
          return value
        },
      })
    }
    const task = app.task('task', { output: z.string() }, () => {
      order.push('handler')
      return 'done'
    })
    const job = await task.enqueue()
    await using worker = createWorker(app)
    await worker.start()
    expect(await job.result(WAIT)).toBe('done')
    expect(order).toEqual([
      ...['outer enqueue', 'inner enqueue', 'inner enqueued', 'outer enqueued'],
      ...['outer execute', 'inner execute', 'handler', 'inner executed', 'outer executed'],
    ])
  })

  it('may refuse a call, fail an attempt, or answer for the handler; the handler runs once at most', async () => {
    await using app = memoryApp()
    let runs = 0
    app.use({
      enqueue: async (message, next) => {
        if (message.inputs[0] === 'refused') throw new Error('not today')
        if (message.inputs[0] !== 'dropped') await next()
      },
      execute: async (attempt, next) => {
        if (attempt.input === 'broken') throw new Fatal('by middleware')
        if (attempt.input === 'cached') return 'from the cache'
        if (attempt.input === 'twice') await next()
        return next()
      },
    })
    const task = app.task('task', { input: z.string(), output: z.string(), retry: { attempts: 1 } }, (text) => {
      runs += 1
      return text
    })
    await expect(task.enqueue('refused')).rejects.toThrow('not today')
    await expect(task.enqueue('dropped')).rejects.toThrow('did not call next()')
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await task.enqueue('broken')).outcome(WAIT)).toMatchObject({ error: { message: 'by middleware' } })
    expect(await (await task.enqueue('cached')).result(WAIT)).toBe('from the cache')
    expect(runs).toBe(0)
    expect(await (await task.enqueue('twice')).outcome(WAIT)).toMatchObject({
      error: { message: 'an execute middleware called next() twice' },
    })
    expect(runs).toBe(1)
  })

  it('carries a trace from a call to its handler, to what that enqueues, and over a workflow', async () => {
    await using app = memoryApp()
    const current = new AsyncLocalStorage<string>()
    const seen: [string, string | undefined][] = []
    app.use({
      enqueue: async (message, next) => {
        const trace = current.getStore()
        if (trace !== undefined) message.headers.traceparent ??= trace
        await next()
      },
      execute: async ({ task, headers }, next) => {
        seen.push([task, headers.traceparent])
        return headers.traceparent === undefined ? next() : current.run(headers.traceparent, next)
      },
    })
    const child = app.task('child', { output: z.number() }, () => 1)
    const parent = app.task('parent', { output: z.number() }, async () => {
      const [job] = await child.enqueueMany([{}])
      return job === undefined ? 0 : 1
    })
    const sum = app.task('sum', { input: z.array(z.number()), output: z.number() }, (all) => all.length)
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await using worker = createWorker(app)
    await worker.start()
    const job = await current.run(trace, () =>
      group([parent.with({}), child.with({})])
        .pipe(sum)
        .enqueue(),
    )
    expect(await job.result(WAIT)).toBe(2)
    expect(seen).toHaveLength(4)
    expect(seen.map(([task]) => task).sort()).toEqual(['child', 'child', 'parent', 'sum'])
    expect(new Set(seen.map(([, traceparent]) => traceparent))).toEqual(new Set([trace]))
    await (await child.enqueue({})).result(WAIT)
    expect(seen.at(-1)).toEqual(['child', undefined])
  })

  it('refuses what is none', () => {
    expect(() => memoryApp().use({ onFail: () => {} } as never)).toThrow(/Did you mean "onFailed"/)
    expect(() => memoryApp().use({ onCrash: true } as never)).toThrow(/use\.onCrash: found true, expected a function/)
  })
})

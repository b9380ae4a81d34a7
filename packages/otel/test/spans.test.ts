import { SpanStatusCode } from '@opentelemetry/api'
import { createApp, Fatal, group } from 'millrace'
import { createWorker } from 'millrace/worker'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { openTelemetry } from '../src/index.js'
import { endedSpans, registerSdk, removeSdk, type TestSpan } from './traced-process.js'

const WAIT = { timeout: '30s' } as const
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const silent = () => undefined
const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent }
/** A deadline, no bar. */
const SOON = { timeout: 20_000, interval: 10 }
const quiet = { ...logger, child: () => quiet }
let apps = 0

const tracedApp = () => createApp({ name: `spans-${++apps}`, broker: 'memory://', logger: quiet }).use(openTelemetry())

const ended = (name: string, count = 1) =>
  vi.waitFor(() => {
    const spans = endedSpans().filter((span) => span.name === name)
    expect(spans.length).toBe(count)
    return spans as [TestSpan, ...TestSpan[]]
  }, SOON)

describe('without an SDK', () => {
  it('adds nothing to jobs and makes nothing for attempts', async () => {
    await using app = createApp({ name: `spans-${++apps}`, broker: 'memory://', logger: quiet })
    const asked = vi.fn<() => never>()
    app.use({
      execute: (attempt, next) => {
        Object.defineProperty(attempt, 'verdict', { get: asked })
        return next()
      },
    })
    app.use(openTelemetry())
    const task = app.task('t', { output: z.number() }, (_input, ctx) => Object.keys(ctx.headers).length)
    const waiting = await task.enqueue(undefined, { delay: '1h' })
    const { inspect } = await app.broker()
    const stored = await inspect.job({ lane: { queue: 'default', index: 0 }, id: waiting.id })
    expect(stored.wire).toEqual([1, 't', null, expect.any(Number)])
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await task.enqueue(undefined)).result(WAIT)).toBe(0)
    expect(asked).not.toHaveBeenCalled()
  })
})

describe('with an SDK', () => {
  beforeEach(() => void registerSdk())
  afterEach(removeSdk)

  it('tells what became of each attempt', async () => {
    await using app = tracedApp()
    const once = { retry: { attempts: 1 } } as const
    const never = () => new Promise<never>(() => undefined)
    const tasks = {
      fatal: app.task('fatal', {}, () => {
        throw new Fatal('no use')
      }),
      odd: app.task('odd', once, () => {
        throw 'a text'
      }),
      wrong: app.task('wrong', { output: z.number() }, () => 'text' as never),
      stuck: app.task('stuck', { ...once, timeout: 5 }, never),
      asks: app.task('asks', { retry: { backoff: { kind: 'fixed', delay: 1 } } }, (_input, ctx) =>
        ctx.attempt === 1 ? ctx.retry({ delay: 1 }) : undefined,
      ),
    }
    await using worker = createWorker(app, { test: { leakAfterMs: 1 } } as never)
    await worker.start()
    for (const task of Object.values(tasks)) await (await task.enqueue(undefined)).outcome(WAIT)
    const told = async (name: string, count?: number) =>
      (await ended(`attempt ${name}`, count)).map(({ attributes, status }) => [
        attributes['millrace.outcome'],
        attributes['millrace.failure.reason'],
        attributes['error.type'],
        status.code === SpanStatusCode.ERROR ? status.message : undefined,
      ])
    expect(await told('fatal')).toEqual([['failed', 'fatal', 'Fatal', 'no use']])
    expect(await told('odd')).toEqual([['failed', 'error', '_OTHER', 'a text']])
    expect(await told('wrong')).toEqual([['failed', 'invalid-output', 'InvalidOutputError', expect.any(String)]])
    expect(await told('stuck')).toEqual([['failed', 'timeout', 'JobTimedOutError', expect.any(String)]])
    expect(await told('asks', 2)).toEqual([
      ['retried', 'retry-asked', undefined, undefined],
      ['succeeded', undefined, undefined, undefined],
    ])
  })

  it('a cancelled attempt, and one that its worker put back, are no errors', async () => {
    await using app = tracedApp()
    const running: string[] = []
    const wait = app.task('wait', {}, (_input, ctx) => {
      running.push(ctx.jobId)
      return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
    })
    const worker = createWorker(app, { heartbeat: 20, lease: 1_000 })
    await worker.start()
    const cancelled = await wait.enqueue(undefined)
    await wait.enqueue(undefined)
    await vi.waitFor(() => expect(running.length).toBe(2), SOON)
    await cancelled.cancel()
    await ended('attempt wait')
    await worker.stop({ grace: 0 })
    const spans = await ended('attempt wait', 2)
    expect(spans.map(({ attributes, status }) => [attributes['millrace.outcome'], status.code])).toEqual([
      ['cancelled', SpanStatusCode.UNSET],
      ['released', SpanStatusCode.UNSET],
    ])
  })

  it('keeps the context that a caller gave, and links to it', async () => {
    await using app = tracedApp()
    const task = app.task('t', { output: z.string() }, (_input, ctx) => ctx.headers.traceparent ?? '')
    await using worker = createWorker(app)
    await worker.start()
    const job = await task.enqueue(undefined, { headers: { traceparent: TRACEPARENT } })
    expect(await job.result(WAIT)).toBe(TRACEPARENT)
    const [enqueue] = await ended('enqueue t')
    const [attempt] = await ended('attempt t')
    expect(enqueue.links).toEqual(['00f067aa0ba902b7'])
    expect(attempt).toMatchObject({ parentId: '00f067aa0ba902b7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' })
  })

  it('a call that is refused has its error, and rejects with it', async () => {
    await using app = tracedApp()
    const strict = app.define('strict', { input: z.object({ n: z.number() }) })
    await expect(strict.enqueue({ n: 'x' } as never)).rejects.toThrow('strict')
    expect((await ended('enqueue strict'))[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'InvalidInputError' },
    })
  })

  it('a workflow of which a job is refused ends its span once, with the error', async () => {
    await using app = tracedApp()
    const strict = app.define('strict', { input: z.object({ n: z.number() }) })
    const flow = group([strict.with({ n: 1 }), strict.with({ n: 'x' } as never)])
    await expect(flow.enqueue()).rejects.toThrow('strict')
    expect((await ended('enqueue workflow'))[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR } })
    expect((await ended('enqueue strict', 2)).map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
    ])
  })

  it('a job without a context begins a trace of its own', async () => {
    await using app = tracedApp()
    const task = app.task('t', () => 1)
    removeSdk()
    const job = await task.enqueue(undefined)
    registerSdk()
    await using worker = createWorker(app)
    await worker.start()
    await job.outcome(WAIT)
    expect((await ended('attempt t'))[0].parentId).toBeUndefined()
  })
})

import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  chain,
  chord,
  createApp,
  type FailureRecord,
  group,
  type JobFailedError,
  type JobHandle,
  type RetryNotice,
  type TaskContext,
} from './index.js'

const app = createApp()

const download = app.define('download', {
  input: z.object({ url: z.string() }),
  output: z.object({ path: z.string() }),
})
const resize = app.define('resize', {
  input: z.object({ path: z.string(), width: z.number() }),
  output: z.object({ path: z.string(), bytes: z.number() }),
})
const upload = app.define('upload', { input: z.object({ path: z.string() }), output: z.string() })
const total = app.define('total', { input: z.array(z.number()), output: z.number() })
const measure = app.define('measure', { input: z.object({ path: z.string() }), output: z.number() })
const report = app.define('report', { input: z.object({ to: z.string(), results: z.array(z.number()) }) })
const opaque = app.define('opaque', { input: z.object({ url: z.string() }) })

test('define: input as given, parsed, returned and read', async () => {
  const task = app.define('t', {
    input: z.object({ n: z.string().transform(Number), label: z.string().default('x') }),
    output: z.object({ at: z.string().transform((text) => new Date(text)) }),
  })
  task.handle((input, ctx) => {
    expectTypeOf(input).toEqualTypeOf<{ n: number; label: string }>()
    expectTypeOf(ctx).toEqualTypeOf<TaskContext>()
    return { at: 'now' }
  })
  // @ts-expect-error the handler returns what the output schema takes, not what it gives
  task.handle(() => ({ at: new Date() }))
  task.handle((_, ctx) => ctx.retry({ delay: '5s' }))
  expectTypeOf(task.enqueue).parameter(0).toEqualTypeOf<{ n: string; label?: string | undefined }>()
  expectTypeOf(await task.enqueue({ n: '1' })).toEqualTypeOf<JobHandle<{ at: Date }>>()
  expectTypeOf(await (await task.enqueue({ n: '1' })).result()).toEqualTypeOf<{ at: Date }>()
  expectTypeOf(await task.enqueueMany([{ n: '1' }])).toEqualTypeOf<JobHandle<{ at: Date }>[]>()
  expectTypeOf(await task.run({ n: '1' })).toEqualTypeOf<{ at: Date }>()
  expectTypeOf(task.job('x')).toEqualTypeOf<JobHandle<{ at: Date }>>()
  expectTypeOf(app.job(task, 'x')).toEqualTypeOf<JobHandle<{ at: Date }>>()
  expectTypeOf(app.job('t', 'x')).toEqualTypeOf<JobHandle<unknown>>()
  // @ts-expect-error a number is not what callers give
  void task.enqueue({ n: 1 })
  // @ts-expect-error the input cannot be left out
  void task.enqueue()
  // @ts-expect-error no such option
  void task.enqueue({ n: '1' }, { dealy: '5s' })
  // @ts-expect-error no such unit
  void task.enqueue({ n: '1' }, { delay: '5 minutes' })
  // @ts-expect-error an id names one job
  void task.enqueueMany([{ n: '1' }], { id: 'x' })
})

test('define without schemas is unknown, and its input may be left out', async () => {
  const task = app.define('u')
  expectTypeOf(await (await task.enqueue()).result()).toEqualTypeOf<unknown>()
  task.handle((input) => expectTypeOf(input).toEqualTypeOf<unknown>())
})

test('task: with schemas', async () => {
  const add = app.task(
    'add',
    { input: z.object({ x: z.number(), y: z.number() }), output: z.number() },
    ({ x, y }) => x + y,
  )
  expectTypeOf(await add.run({ x: 1, y: 2 })).toEqualTypeOf<number>()
  // @ts-expect-error the handler returns a number
  app.task('add2', { input: z.object({ x: z.number() }), output: z.number() }, ({ x }) => String(x))
})

test('task: without output the result is what JSON makes of it', async () => {
  const task = app.task('list', { input: z.string() }, async (text, ctx) => {
    expectTypeOf(text).toEqualTypeOf<string>()
    if (text === '') return ctx.retry()
    return { text, note: undefined as string | undefined }
  })
  expectTypeOf(await task.run('a')).toEqualTypeOf<{ text: string; note?: string }>()
  const bare = app.task('bare', (input: { a: number }) => input.a)
  expectTypeOf(await bare.run({ a: 1 })).toEqualTypeOf<number>()
  expectTypeOf(bare.enqueue).parameter(0).toEqualTypeOf<{ a: number }>()
  const silent = app.task('silent', { queue: 'q' }, async () => {})
  expectTypeOf(await silent.run()).toEqualTypeOf<null>()
})

test('chains', async () => {
  const flow = download.with({ url: 'u' }).pipe(resize, { width: 200 }).pipe(upload)
  expectTypeOf(await flow.enqueue()).toEqualTypeOf<JobHandle<string>>()
  expectTypeOf(
    await download
      .with({ url: 'u' })
      .pipe(resize.with({ width: 200 }))
      .pipe(upload)
      .enqueue(),
  ).toEqualTypeOf<JobHandle<string>>()
  expectTypeOf(await chain(download.with({ url: 'u' }), resize.with({ width: 1 }), upload).enqueue()).toEqualTypeOf<
    JobHandle<string>
  >()
  opaque.with({ url: 'u' }).pipe(resize, { width: 1 }).pipe(upload)
  opaque.with({ url: 'u' }).pipe(upload)

  // @ts-expect-error resize also needs a width
  download.with({ url: 'u' }).pipe(resize)
  // @ts-expect-error width is a number
  download.with({ url: 'u' }).pipe(resize, { width: '200' })
  // @ts-expect-error no such property
  download.with({ url: 'u' }).pipe(resize, { width: 200, heigth: 1 })
  // @ts-expect-error upload takes an object, not a number
  measure.with({ path: 'p' }).pipe(upload)
  // @ts-expect-error a number cannot be merged
  measure.with({ path: 'p' }).pipe(resize, { width: 200 })
  // @ts-expect-error url is missing
  void download.with({}).enqueue()
  // @ts-expect-error no such property
  download.with({ url: 'u', depth: 1 })
  // @ts-expect-error a partial link cannot start a chain
  resize.with({ width: 1 }).pipe(upload)
  // @ts-expect-error resize lacks its width
  chain(download.with({ url: 'u' }), resize, upload)
  // @ts-expect-error upload gives a string, which resize does not take
  chain(download.with({ url: 'u' }), upload, resize)
})

test('groups and chords', async () => {
  const files = ['a', 'b']
  const members = group(files.map((path) => measure.with({ path })))
  expectTypeOf(await (await members.enqueue()).results()).toEqualTypeOf<number[]>()
  expectTypeOf(await members.pipe(total).enqueue()).toEqualTypeOf<JobHandle<number>>()
  expectTypeOf(await chord(members, total).enqueue()).toEqualTypeOf<JobHandle<number>>()
  expectTypeOf(await chord([measure.with({ path: 'a' })], total).enqueue()).toEqualTypeOf<JobHandle<number>>()
  members.pipe(report, { to: 'x' })
  chord(members, report.with({ to: 'x' }))
  group([opaque.with({ url: 'u' })]).pipe(total)

  const mixed = await group([download.with({ url: 'u' }), download.with({ url: 'u' }).pipe(measure)]).enqueue()
  expectTypeOf(await mixed.results()).toEqualTypeOf<[{ path: string }, number]>()
  expectTypeOf(mixed.jobs[1]).toEqualTypeOf<JobHandle<number>>()
  group([download.with({ url: 'u' }).pipe(measure), members.pipe(total)])
    .pipe(total)
    .pipe(app.define('anything'))

  // @ts-expect-error total takes numbers, not paths
  group([download.with({ url: 'u' })]).pipe(total)
  // @ts-expect-error report also needs to
  members.pipe(report)
  // @ts-expect-error upload takes an object, not a list
  chord(members, upload)
  // @ts-expect-error a group is no member of a group
  group([members])
  // @ts-expect-error a partial link is no member of a group
  group([resize.with({ width: 1 })])
})

test('middleware and hooks', () => {
  app.use({
    enqueue: async (message, next) => {
      expectTypeOf(message.inputs).toEqualTypeOf<readonly unknown[]>()
      message.headers.traceparent = 'x'
      // @ts-expect-error which task is called is not for middleware to say
      message.task = 'other'
      await next()
    },
    execute: async (attempt, next) => {
      expectTypeOf(attempt.ctx).toEqualTypeOf<TaskContext>()
      expectTypeOf(await next()).toEqualTypeOf<unknown>()
    },
    onRetry: (notice) => expectTypeOf(notice).toEqualTypeOf<RetryNotice>(),
    onFailed: async ({ failure, error }) => {
      expectTypeOf(failure).toEqualTypeOf<FailureRecord>()
      expectTypeOf(error).toEqualTypeOf<unknown>()
    },
    onCrash: ({ crashes, failed }) => {
      expectTypeOf(crashes).toEqualTypeOf<number>()
      expectTypeOf(failed).toEqualTypeOf<boolean>()
    },
  })
  // @ts-expect-error next has to be awaited: the call would resolve before the job is there
  app.use({ enqueue: (_, next) => void next() })
  // @ts-expect-error no such hook
  app.use({ onFail: () => {} })
  // @ts-expect-error a crash has no error: its process is gone
  app.use({ onCrash: ({ error }) => error })
})

test('outcomes: a union that says what is there', async () => {
  const job = await total.enqueue([1])
  const outcome = await job.outcome()
  if (outcome.state === 'failed') {
    expectTypeOf(outcome.error).toEqualTypeOf<JobFailedError>()
    // Remote data is nobody's class: it has to be looked at before use.
    expectTypeOf(outcome.error.data).toEqualTypeOf<unknown>()
    // @ts-expect-error unknown
    outcome.error.data.code.toString()
  } else if (outcome.state === 'succeeded') {
    expectTypeOf(outcome.output).toEqualTypeOf<number | undefined>()
    if (outcome.kept) expectTypeOf(outcome.output).toEqualTypeOf<number>()
  } else if (outcome.state === 'unknown') {
    expectTypeOf(outcome.error).toEqualTypeOf<unknown>()
  } else {
    expectTypeOf(outcome.state).toEqualTypeOf<'cancelled' | 'expired'>()
    // A cancelled job has no output.
    expectTypeOf(outcome).not.toHaveProperty('output')
  }
})

test('a forgotten await is a compile error wherever the value is used', async () => {
  const enqueued = total.enqueue([1])
  expectTypeOf(enqueued).not.toHaveProperty('id')
  // @ts-expect-error a promise of a handle
  void enqueued.result()
  // @ts-expect-error a promise of a number
  const sum: number = (await enqueued).result()
  // @ts-expect-error a promise of a number, also where it runs here
  const here: number = total.run([1])
  // @ts-expect-error the input of a link is a value, not a promise of one
  total.with(measure.run({ path: 'p' }))
  // @ts-expect-error neither is the input of a call
  void total.enqueue(Promise.resolve([1]))
  // @ts-expect-error a handler's output may be a promise, its parts may not
  total.handle(() => ({ sum: Promise.resolve(1) }))
  return [sum, here]
})

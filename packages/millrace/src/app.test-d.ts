import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { chain, chord, createApp, group, type JobHandle, type TaskContext } from './index.js'

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

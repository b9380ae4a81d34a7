import { Fatal, type TaskContext } from '@millrace/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualTime } from '../../test/manual-time.js'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
let time: ManualTime
beforeEach(() => {
  scene = new WorkerScene()
  time = new ManualTime()
})
afterEach(async () => {
  const closed = scene.close()
  await time.advance(20_000)
  await closed
})

const start = () => scene.started({ test: { clock: time, timers: time, random: () => 0 } })
const settled = (id: string) => until(`${id} settled`, () => scene.verdicts(id).length > 0)
const texts = () => scene.store.reports.flatMap(({ update }) => update.lines.map(({ text }) => text))

/** A job that runs until it is told to end; its context. */
async function running(): Promise<{ ctx: TaskContext; id: string; end: () => void }> {
  const { promise, resolve: end } = Promise.withResolvers<void>()
  let ctx: TaskContext | undefined
  scene.task('work', (_input, given) => {
    ctx = given
    return promise
  })
  await start()
  const id = scene.enqueue('work')
  await until('it runs', () => ctx !== undefined)
  return { ctx: ctx as TaskContext, id, end }
}

it('sends at most one update a second, with the last progress and all lines', async () => {
  const { ctx, end } = await running()
  for (let step = 1; step <= 5; step += 1) ctx.progress(step)
  ctx.log.info({ step: 5 }, 'stepped')
  ctx.log.debug('not kept')
  await time.advance(999)
  expect(scene.store.reports).toEqual([])
  await time.advance(1)
  ctx.log.child({ part: 'b' }).warn('from a child')
  await time.advance(999)
  expect(scene.store.reports).toHaveLength(1)
  await time.advance(1)
  expect(scene.store.reports.map(({ update: { progressJson, from } }) => [progressJson, from])).toEqual([
    ['5', 0],
    [undefined, 1],
  ])
  expect(texts()).toEqual(['stepped {"step":5}', 'from a child {"part":"b"}'])
  expect(scene.log.map(({ text }) => text)).toEqual(expect.arrayContaining(['stepped', 'from a child']))
  end()
})

it('the last words of a failed attempt go before its verdict', async () => {
  scene.task('fails', (_input, ctx) => {
    ctx.log.error(new Error('disk full'))
    throw new Fatal('gave up')
  })
  await start()
  const id = scene.enqueue('fails')
  await settled(id)
  expect(scene.store.reports).toMatchObject([{ id, held: true, update: { from: 0 } }])
  expect(texts()).toEqual(['disk full {"err":"Error: disk full"}'])
  expect(scene.store.reports[0]?.update.keepMs).toBeUndefined()
})

it('is kept as long as the result; a success that leaves nothing writes nothing', async () => {
  scene.task('kept', (_input, ctx) => ctx.log.info('kept'), { results: { keep: '2m' } })
  scene.task('gone', (_input, ctx) => ctx.log.info('gone'))
  scene.task('silent', () => undefined, { results: { keep: '2m' } })
  await start()
  for (const task of ['kept', 'gone', 'silent']) await settled(scene.enqueue(task))
  expect(texts()).toEqual(['kept'])
  expect(scene.store.reports[0]?.update.keepMs).toBe(120_000)
})

it('what was written of a success that leaves nothing goes with it', async () => {
  const { ctx, id, end } = await running()
  ctx.progress(0.5)
  await time.advance(1_000)
  end()
  await settled(id)
  expect(scene.store.reports.map(({ update }) => update.keepMs)).toEqual([undefined, 0])
})

it('says nothing after the end, and holds no more than the store keeps', async () => {
  const { ctx, id, end } = await running()
  for (let n = 0; n < 100; n += 1) ctx.log.info(`${n} ${'x'.repeat(1_000)}`)
  await time.advance(1_000)
  const [first] = scene.store.reports
  expect(first?.update.lines.length).toBeLessThan(17)
  expect((first?.update.from ?? 0) + (first?.update.lines.length ?? 0)).toBe(100)
  end()
  await settled(id)
  const before = scene.store.reports.length
  ctx.log.info('late')
  await time.advance(2_000)
  expect(scene.store.reports).toHaveLength(before)
})

import { MAX_RUNNING_TOLD } from '@millrace/broker'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualTime } from '../../test/manual-time.js'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene

beforeEach(() => {
  scene = new WorkerScene()
})
afterEach(() => scene.close())

/** Has the worker announce itself, and resolves with what it said. */
async function announced() {
  const { store } = scene
  const before = store.announced.length
  store.commands.push({ id: `p${before}`, kind: 'ping' })
  await until('the next announcement', () => store.announced.length > before + 1)
  return store.announced.at(-1)
}

it('names what runs, the first to start first, and no more than its bound', async () => {
  const ends: (() => void)[] = []
  scene.task('slow', () => new Promise<void>((resolve) => ends.push(resolve)))
  const worker = await scene.started({ concurrency: 60, test: { announceMs: 5 } })
  expect((await announced())?.jobs).toEqual([])
  const first = scene.enqueue('slow', null, { attemptsUsed: 1 })
  await until('the first to run', () => worker.status().running === 1)
  for (let i = 1; i < 60; i++) scene.enqueue('slow')
  await until('all to run', () => worker.status().running === 60)
  const told = await announced()
  expect(told).toMatchObject({ running: 60 })
  expect(told?.jobs?.length).toBe(MAX_RUNNING_TOLD)
  expect(told?.jobs?.[0]).toEqual({
    id: first,
    queue: 'default',
    task: 'slow',
    attempt: 2,
    since: expect.closeTo(Date.now(), -5),
  })
  for (const end of ends) end()
  await until('all to end', () => worker.status().running === 0)
  expect((await announced())?.jobs).toEqual([])
})

it('tells how long attempts took: with an announcement, and the rest when it stops', async () => {
  scene.task('quick', () => undefined)
  const worker = await scene.started({ test: { announceMs: 5 } })
  const count = () => scene.store.durations.reduce((sum, { counts }) => sum + counts.reduce((all, n) => all + n, 0), 0)
  scene.enqueue('quick')
  await until('the first to be told', () => count() === 1)
  await worker.stop()
  const later = await scene.started({ test: { announceMs: 60_000 } })
  await until('its only announcement', () => scene.store.announced.at(-1)?.state === 'running')
  const ids = [scene.enqueue('quick'), scene.enqueue('quick')]
  await until('both to be settled', () => ids.every((id) => scene.verdicts(id).length === 1))
  await later.stop()
  expect(count()).toBe(3)
  expect(new Set(scene.store.durations.map(({ task }) => task))).toEqual(new Set(['quick']))
})

it('a worker that does nothing says it less often, where it hears of commands', async () => {
  const { store } = scene
  store.tellsOfCommands = true
  const time = new ManualTime()
  const ends: (() => void)[] = []
  scene.task('slow', () => new Promise<void>((resolve) => ends.push(resolve)))
  await scene.started({ test: { clock: time, timers: time, announceMs: 3_000 } })
  await until('its first announcement', () => store.announced.length === 1)
  const told = async (ms: number) => {
    const before = store.announced.length
    await time.advance(ms)
    return store.announced.slice(before).map(({ running }) => running)
  }
  expect(await told(11_900)).toEqual([])
  expect(await told(100)).toEqual([0])
  scene.enqueue('slow')
  await until('the job to run', () => ends.length === 1)
  expect(await told(9_000)).toEqual([1, 1, 1])
  ends[0]?.()
  await until('the job to be settled', () => store.succeeded === 1)
  expect(await told(9_000)).toEqual([0])
})

it('a worker that does not hear of commands asks for them each time', async () => {
  const time = new ManualTime()
  scene.task('any', () => undefined)
  await scene.started({ test: { clock: time, timers: time, announceMs: 3_000 } })
  await until('its first announcement', () => scene.store.announced.length === 1)
  await time.advance(9_000)
  expect(scene.store.announced.length).toBe(4)
})

it('obeys a command that it hears of at once, and hears of none after its stop', async () => {
  const { store } = scene
  store.tellsOfCommands = true
  scene.task('any', () => undefined)
  const worker = await scene.started({ test: { announceMs: 60_000 } })
  await until('its first announcement', () => store.announced.length === 1)
  store.commands.push({ id: 'c1', kind: 'quiet' })
  for (const heard of store.hearers.values()) heard()
  await until('monitors to see that it obeys', () => store.announced.at(-1)?.state === 'quiet')
  await worker.stop()
  expect(store.hearers.size).toBe(0)
})

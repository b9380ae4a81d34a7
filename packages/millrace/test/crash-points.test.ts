import { findRedisServer } from '@millrace/embedded'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CrashScene } from './crash-scene.js'
import { until } from './until.js'

let scene: CrashScene
beforeEach(async () => {
  scene = await CrashScene.open()
})
afterEach(() => scene.close())

const countsOf = (jobs: readonly string[]) => {
  const counts = new Map<string, number>()
  for (const job of jobs) counts.set(job, (counts.get(job) ?? 0) + 1)
  return [...counts.values()].sort()
}

describe.skipIf(findRedisServer() === undefined)('a process is killed', { timeout: 60_000 }, () => {
  it('after jobs were handed to it, before one started: all of them run once, elsewhere', async () => {
    await scene.tasks.effect.enqueueMany([1, 2, 3])
    await scene.diesAt('reserved', 'worker')
    expect(scene.effects()).toEqual([])
    await Promise.all([scene.worker(), scene.dispatcher()])
    await scene.allSucceeded({ here: 3 })
    expect(countsOf(scene.effects().map(({ job }) => job))).toEqual([1, 1, 1])
  })

  it('after an effect, before it is settled: that job runs again, the others once', async () => {
    await scene.tasks.effect.enqueueMany([1, 2, 3])
    await scene.diesAt('effect-done', 'worker')
    expect(scene.effects().length).toBe(1)
    await Promise.all([scene.worker(), scene.dispatcher()])
    await scene.allSucceeded({ here: 3 })
    expect(countsOf(scene.effects().map(({ job }) => job))).toEqual([1, 1, 2])
  })

  it('after its verdicts were settled, before it heard of it: none of these jobs runs again', async () => {
    const jobs = await scene.tasks.effect.enqueueMany([1, 2, 3])
    await scene.diesAt('settled', 'worker')
    // One exchange or another may have brought them: what it did not bring was not settled.
    const states = await Promise.all(jobs.map((job) => job.state()))
    const settled = jobs.filter((_, at) => !['ready', 'running'].includes(states[at] ?? '')).map(({ id }) => id)
    expect(await scene.succeeded('here')).toBe(settled.length)
    expect(settled.length).toBeGreaterThan(0)
    await Promise.all([scene.worker(), scene.dispatcher()])
    await scene.allSucceeded({ here: 3 })
    const ran = scene.effects().map(({ job }) => job)
    expect(ran.filter((job) => settled.includes(job)).toSorted()).toEqual(settled.toSorted())
  })

  it('after the end of a job was told ahead of its exchange: that job has ended, is counted once and does not run again', async () => {
    const dead = scene.diesAt('ended-ahead', 'worker')
    let alive = true
    void dead.finally(() => {
      alive = false
    })
    // One job after the other, until one is handed over and told so.
    const results: Promise<unknown>[] = []
    for (let n = 0; alive; n++) {
      const job = await scene.tasks.told.enqueue(n)
      results.push(job.result({ timeout: '30s' }))
      await Promise.race([results[n], dead])
    }
    await dead
    await Promise.all([scene.worker(), scene.dispatcher()])
    await scene.allSucceeded({ here: results.length })
    expect(await Promise.all(results)).toEqual(results.map((_, n) => n))
    expect(scene.effects().map(({ input }) => input)).toEqual(results.map((_, n) => n))
  })

  it('after its jobs were enqueued, before it heard of it: who enqueues them again makes no second one', async () => {
    await scene.diesAt('enqueued', 'producer')
    const again = await Promise.all([1, 2, 3].map((n) => scene.tasks.effect.enqueue(n, { id: `named-${n}` })))
    expect(await again[0]?.state()).toBe('ready')
    await scene.worker()
    await scene.allSucceeded({ here: 3 })
    expect(scene.effects().map(({ job }) => job)).toEqual(['named-1', 'named-2', 'named-3'])
  })

  it('by its own handler, with process.exit: that job fails at its third crash, those beside it succeed', async () => {
    await scene.tasks.effect.enqueueMany([1, 2, 3, 4, 5])
    const exit = await scene.tasks.exit.enqueue(null)
    await scene.tasks.effect.enqueueMany([6, 7, 8, 9, 10])
    await scene.dispatcher()
    for (let deaths = 1; deaths <= 3; deaths++) await scene.ends('worker')
    await until('the job to have failed', async () => (await exit.state()) === 'failed')
    await scene.worker()
    await until('the others to succeed', async () => (await scene.succeeded('here')) === 10)
    const runs = scene.effects().filter(({ task }) => task === 'exit')
    expect(runs.map(({ crashes }) => crashes)).toEqual([0, 1, 2])
    const detail = await scene.app.monitor.job(exit.id)
    expect(JSON.stringify(detail)).toContain('poison')
  })

  it('between two steps of taking back what a dead worker held: the next leader goes on, each crash is counted once', async () => {
    // A step ends at the first exchange after 1,000 jobs, of which each holds at most 1,000.
    const held = 2_100
    await scene.tasks.hold.enqueueMany(Array.from({ length: held }, (_, n) => n))
    const worker = await scene.lasting('worker')
    await until('all to be held', () => scene.effects().length === held)
    worker.kill('SIGKILL')
    await scene.diesAt('reclaim-step', 'dispatcher')
    const counted = await scene.crashed('here')
    expect(counted > 0 && counted < held).toBe(true)
    await Promise.all([scene.worker(), scene.dispatcher()])
    await scene.allSucceeded({ here: held })
    expect(await scene.crashed('here')).toBe(held)
    expect(new Set(scene.effects().map(({ job, crashes }) => `${job} ${crashes}`)).size).toBe(2 * held)
    expect(scene.effects().length).toBe(2 * held)
  })

  it.each(['outbox-found', 'outbox-delivered'])(
    'between a settlement and what follows from it (%s): the next leader brings it, once',
    async (point) => {
      await scene.tasks.effect.with('passed on').pipe(scene.tasks.follow).enqueue()
      await scene.worker()
      await scene.diesAt(point, 'dispatcher')
      await scene.dispatcher()
      await scene.allSucceeded({ here: 1, there: 1 })
      expect(scene.effects().map(({ task, input }) => [task, input])).toEqual([
        ['effect', 'passed on'],
        ['follow', 'passed on'],
      ])
    },
  )

  it.each(['elected', 'epoch-minted'])(
    'between winning the election and the first write (%s): another leads, and what was due runs once',
    async (point) => {
      await scene.tasks.effect.enqueue(1, { delay: 10 })
      await scene.diesAt(point, 'dispatcher')
      await scene.worker()
      const dispatcher = await scene.dispatcher()
      await scene.allSucceeded({ here: 1 })
      expect(scene.effects().length).toBe(1)
      expect(dispatcher.status()?.state).toBe('leading')
    },
  )
})

import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { cancel, fail, job, jobs, release, retry, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** Runs everything that is or becomes ready within 600 ms, and returns how often each id ran. */
async function runsOf(scene: Scene): Promise<Record<string, number>> {
  const seat = await scene.seat()
  const runs: Record<string, number> = {}
  const from = performance.now()
  await until('600 ms of working off', async () => {
    await scene.promote()
    for (const id of await scene.workOff(seat)) runs[id] = (runs[id] ?? 0) + 1
    return performance.now() - from > 600
  })
  return runs
}

export const cancelCases: ConformanceTheme = {
  'cancel-of-what-waits': async (scene) => {
    const { control } = scene.broker
    await scene.put(['ready', job('scheduled', { delayMs: 50 }), job('urgent', { priority: 5 }), 'stays'])
    const seat = await scene.seat()
    await scene.put([job('retrying', { priority: 9 })])
    await scene.settle(seat, retry(await scene.takeOne(seat), 50))
    for (const id of ['ready', 'scheduled', 'urgent', 'retrying']) {
      expect([id, await control.cancel(scene.ref(id))]).toEqual([id, 'cancelled'])
    }
    const counts = await scene.counts()
    expect([counts.ready, counts.due]).toEqual([1, 0])
    expect(await runsOf(scene)).toEqual({ stays: 1 })
  },

  'cancel-answers-for-what-is-over-or-unknown': async (scene) => {
    const { control } = scene.broker
    expect(await control.cancel(scene.ref('never-was'))).toBe('unknown')
    await scene.put(['done', 'failed'])
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), '1', 60_000))
    await scene.settle(seat, fail(await scene.takeOne(seat), 60_000))
    expect(await control.cancel(scene.ref('done'))).toBe('ended')
    expect(await control.cancel(scene.ref('failed'))).toBe('ended')
    expect((await scene.view('failed')).state).toBe('failed')
  },

  'cancel-of-a-waiting-job-is-told-to-its-waiter': async (scene) => {
    await scene.put(['a'])
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    expect(await scene.broker.control.cancel(scene.ref('a'))).toBe('cancelled')
    expect(await waiter.ended).toEqual({ state: 'cancelled' })
    expect((await scene.view('a')).state).toBe('cancelled')
  },

  'cancel-of-a-running-job-is-asked': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat()
    const [a] = await scene.takeAll(seat, 2)
    expect(await scene.broker.control.cancel(scene.ref('a'))).toBe('asked')
    expect(await scene.broker.control.cancel(scene.ref('a'))).toBe('asked')
    const view = await scene.view('a')
    expect([view.state, view.cancelAsked]).toEqual(['running', true])
    expect((await scene.view('b')).cancelAsked).toBe(false)
    expect((await seat.heartbeat()).cancelled).toEqual(['a'])
    expect((await scene.exchange(seat, {})).cancelled).toEqual(['a'])
    if (a === undefined) throw new Error('unreachable')
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    await scene.settle(seat, cancel(a))
    expect(await waiter.ended).toEqual({ state: 'cancelled' })
    expect((await seat.heartbeat()).cancelled).toEqual([])
  },

  'cancel-asked-turns-retry-and-release-into-cancelled': async (scene) => {
    const verdicts = {
      retry: retry,
      'retry-later': (r: never) => retry(r, 50),
      release,
      'release-later': (r: never) => release(r, 50),
    }
    const seat = await scene.seat()
    for (const [id, verdict] of Object.entries(verdicts)) {
      await scene.put([id])
      const held = await scene.takeOne(seat)
      const waiter = await registeredWaiter(scene, scene.ref(id))
      expect(await scene.broker.control.cancel(scene.ref(id))).toBe('asked')
      await scene.settle(seat, verdict(held as never))
      expect([id, await waiter.ended]).toEqual([id, { state: 'cancelled' }])
    }
    expect(await runsOf(scene)).toEqual({})
    const counts = await scene.counts()
    expect([counts.ready, counts.due, counts.running, counts.failed]).toEqual([0, 0, 0, 0])
  },

  'cancel-asked-lets-success-and-failure-stand': async (scene) => {
    await scene.put(['good', 'bad'])
    const seat = await scene.seat()
    const [good, bad] = await scene.takeAll(seat, 2)
    if (good === undefined || bad === undefined) throw new Error('unreachable')
    for (const id of ['good', 'bad']) expect(await scene.broker.control.cancel(scene.ref(id))).toBe('asked')
    await scene.settle(seat, succeed(good, '7', 60_000), fail(bad, 60_000))
    expect(await scene.outcome('good')).toEqual({ state: 'succeeded', outputJson: '7' })
    expect(await scene.outcome('bad')).toMatchObject({ state: 'failed' })
    // The order to cancel is spent: a second life of the job must not inherit it.
    expect(await scene.broker.control.retry(scene.ref('bad'))).toBe('retried')
    const again = await scene.takeOne(seat)
    expect((await seat.heartbeat()).cancelled).toEqual([])
    await scene.settle(seat, retry(again))
    expect(await scene.workOff(seat)).toEqual(['bad'])
  },

  'cancel-asked-then-crash-is-cancelled-at-reclaim': async (scene) => {
    await scene.put(['a', 'b'])
    await scene.takeAll(await scene.seat({ leaseMs: 300 }), 2)
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    expect(await scene.broker.control.cancel(scene.ref('a'))).toBe('asked')
    await scene.reclaimUntilRunning(0)
    expect(await waiter.ended).toEqual({ state: 'cancelled' })
    expect(await runsOf(scene)).toEqual({ b: 1 })
  },

  'cancelled-id-enqueued-again-runs-once': async (scene) => {
    const { control } = scene.broker
    await scene.put(['before', 'a', job('p', { priority: 5 }), job('s', { delayMs: 100 }), 'after'])
    for (const id of ['a', 'p', 's']) expect(await control.cancel(scene.ref(id))).toBe('cancelled')
    await scene.put(['a', 'p', 's'])
    expect(await control.cancel(scene.ref('a'))).toBe('cancelled')
    await scene.put(['a'])
    expect((await scene.counts()).ready).toBe(5)
    expect(await runsOf(scene)).toEqual({ before: 1, a: 1, p: 1, s: 1, after: 1 })
    expect((await scene.counts()).ready).toBe(0)
  },

  'cancelled-id-enqueued-again-with-a-delay-runs-once-and-not-early': async (scene) => {
    await scene.put(['a', job('p', { priority: 5 })])
    for (const id of ['a', 'p']) expect(await scene.broker.control.cancel(scene.ref(id))).toBe('cancelled')
    const from = performance.now()
    await scene.put([job('a', { delayMs: 300 }), job('p', { delayMs: 300 })])
    const seat = await scene.seat()
    const early = await scene.workOff(seat)
    expect(early.length === 0 || performance.now() - from >= 290).toBe(true)
    expect((await scene.view('a')).state).toBe('scheduled')
    expect(await runsOf(scene)).toEqual({ a: 1, p: 1 })
  },

  'cancelled-id-enqueued-again-as-parked-does-not-run': async (scene) => {
    await scene.put(['a'])
    await scene.broker.control.cancel(scene.ref('a'))
    await scene.put([job('a', { waitsFor: 1 })])
    expect(await scene.workOff(await scene.seat())).toEqual([])
    expect((await scene.counts()).parked).toBe(1)
  },

  'purged-ids-enqueued-again-run-once': async (scene) => {
    await scene.put(jobs(50))
    const { control } = scene.broker
    while ((await control.purge(scene.lane())).more);
    await scene.put(jobs(50))
    expect((await scene.counts()).ready).toBe(50)
    const runs = await runsOf(scene)
    expect(Object.keys(runs).length).toBe(50)
    expect(Object.values(runs).every((times) => times === 1)).toBe(true)
  },

  'cancelled-many-do-not-hide-the-rest': async (scene) => {
    const put = await scene.put(600)
    for (const each of put.slice(0, 500)) await scene.broker.control.cancel(scene.ref(each.id))
    expect((await scene.counts()).ready).toBe(100)
    const seat = await scene.seat()
    const done: string[] = []
    await until('the rest to run', async () => {
      done.push(...(await scene.workOff(seat)))
      return done.length >= 100
    })
    expect(done).toEqual(put.slice(500).map((each) => each.id))
  },
}

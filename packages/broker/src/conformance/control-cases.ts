import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, job, jobs, retry, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import { until } from './until.js'

export const controlCases: ConformanceTheme = {
  'control-retry-brings-a-failed-job-back-as-new': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    await scene.settle(seat, retry(await scene.takeOne(seat)))
    await scene.settle(seat, fail(await scene.takeOne(seat), 60_000))
    expect(await scene.outcome('a')).toBeDefined()
    expect(await scene.broker.control.retry(scene.ref('a'))).toBe('retried')
    expect((await scene.view('a')).state).toBe('ready')
    // A living job has no outcome: a waiter must not be told the old failure.
    expect(await scene.outcome('a')).toBeUndefined()
    const counts = await scene.counts()
    expect([counts.failed, counts.ready, counts.failedEver]).toEqual([0, 1, 1])
    const again = await scene.takeOne(seat)
    expect([again.id, again.attemptsUsed, again.crashes]).toEqual(['a', 0, 0])
    await scene.settle(seat, succeed(again, '1', 60_000))
    expect(await scene.outcome('a')).toEqual({ state: 'succeeded', outputJson: '1' })
  },

  'control-retry-forgets-crashes': async (scene) => {
    await scene.put([job('a', { maxCrashes: 1 })])
    await scene.takeOne(await scene.seat({ leaseMs: 150 }))
    await scene.reclaimUntilRunning(0)
    expect((await scene.view('a')).state).toBe('failed')
    expect(await scene.broker.control.retry(scene.ref('a'))).toBe('retried')
    const view = await scene.view('a')
    expect([view.state, view.crashes, view.attemptsUsed]).toEqual(['ready', 0, 0])
    expect(await scene.workOff(await scene.seat())).toEqual(['a'])
  },

  'control-retry-and-discard-answer-for-what-did-not-fail': async (scene) => {
    const { control } = scene.broker
    await scene.put(['a', job('later', { delayMs: 60_000 })])
    for (const id of ['a', 'later']) {
      expect(await control.retry(scene.ref(id))).toBe('not-failed')
      expect(await control.discard(scene.ref(id))).toBe('not-failed')
    }
    expect(await control.retry(scene.ref('never-was'))).toBe('unknown')
    expect(await control.discard(scene.ref('never-was'))).toBe('unknown')
    const seat = await scene.seat()
    await scene.takeOne(seat)
    expect(await control.retry(scene.ref('a'))).toBe('not-failed')
    expect(await control.discard(scene.ref('a'))).toBe('not-failed')
  },

  'control-discard-removes-for-good': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat()
    for (const held of await scene.takeAll(seat, 2)) await scene.settle(seat, fail(held, 60_000))
    const { control, inspect } = scene.broker
    expect(await control.discard(scene.ref('a'))).toBe('discarded')
    expect(['unknown', 'not-failed']).toContain(await control.discard(scene.ref('a')))
    expect(['unknown', 'not-failed']).toContain(await control.retry(scene.ref('a')))
    const page = await inspect.page(scene.lane(), 'failed', {})
    expect(page.jobs.map((each) => each.ref.id)).toEqual(['b'])
    expect((await scene.counts()).failed).toBe(1)
    expect((await scene.view('a')).state).toBe('unknown')
    expect((await scene.view('a')).history).toEqual([])
    // The id is free again and starts a new life.
    await scene.put(['a'])
    const again = await scene.takeOne(seat)
    expect([again.id, again.attemptsUsed]).toEqual(['a', 0])
  },

  'control-promote': async (scene) => {
    const { control } = scene.broker
    await scene.put([
      job('scheduled', { delayMs: 60_000 }),
      job('parked', { waitsFor: 1 }),
      job('high', { priority: 9 }),
    ])
    const seat = await scene.seat()
    await scene.settle(seat, retry(await scene.takeOne(seat), 60_000))
    expect(await control.promote(scene.ref('scheduled'))).toBe('promoted')
    expect(await control.promote(scene.ref('scheduled'))).toBe('not-waiting')
    expect(await control.promote(scene.ref('high'))).toBe('promoted')
    expect(await control.promote(scene.ref('never-was'))).toBe('unknown')
    await control.promote(scene.ref('parked'))
    expect((await scene.counts()).due).toBe(0)
    const high = await scene.takeOne(seat)
    expect([high.id, high.attemptsUsed]).toEqual(['high', 1])
    expect(await control.promote(scene.ref('high'))).toBe('not-waiting')
    await scene.settle(seat, succeed(high))
    expect(await scene.workOff(seat)).toEqual(['scheduled'])
  },

  'control-postpone': async (scene) => {
    const { control } = scene.broker
    await scene.put([job('scheduled', { delayMs: 60_000 }), job('parked', { waitsFor: 1 }), 'plain'])
    const seat = await scene.seat()
    await scene.settle(seat, retry(await scene.takeOne(seat), 60_000))
    const before = Date.now()
    for (const id of ['scheduled', 'plain']) {
      expect(await control.postpone(scene.ref(id), 600_000)).toBe('postponed')
      const { dueAt } = await scene.view(id)
      expect(dueAt).toBeGreaterThan(before + 590_000)
      expect(dueAt).toBeLessThan(before + 620_000)
    }
    expect((await scene.view('plain')).state).toBe('retrying')
    expect(await control.postpone(scene.ref('parked'), 1)).toBe('not-waiting')
    expect(await control.postpone(scene.ref('never-was'), 1)).toBe('unknown')
    expect(await control.promote(scene.ref('plain'))).toBe('promoted')
    expect(await control.postpone(scene.ref('plain'), 1)).toBe('not-waiting')
  },

  'control-postpone-to-earlier-is-promoted-then': async (scene) => {
    await scene.put([job('later', { delayMs: 3_600_000 })])
    await scene.broker.control.postpone(scene.ref('later'), 0)
    await until('the job to be promoted', async () => {
      await scene.broker.dispatch.promoteDue(scene.lane(), await scene.epoch())
      return (await scene.counts()).ready === 1
    })
  },

  'control-purge-in-steps-leaves-what-runs-and-what-failed': async (scene) => {
    await scene.put(['runs', 'failed', 'retrying'])
    const seat = await scene.seat()
    const [runs, failed, retrying] = await scene.takeAll(seat, 3)
    if (runs === undefined || failed === undefined || retrying === undefined) throw new Error('unreachable')
    await scene.settle(seat, fail(failed), retry(retrying, 60_000))
    await scene.put(jobs(3_000))
    await scene.put([job('due', { delayMs: 60_000 }), job('up', { priority: 1 }), job('down', { priority: -1 })])
    const steps: number[] = []
    for (;;) {
      const step = await scene.broker.control.purge(scene.lane())
      steps.push(step.purged)
      if (!step.more) break
    }
    expect(steps.reduce((sum, each) => sum + each, 0)).toBe(3_004)
    expect(Math.max(...steps)).toBeLessThan(3_000)
    const counts = await scene.counts()
    expect([counts.ready, counts.due, counts.running, counts.failed]).toEqual([0, 0, 1, 1])
    await scene.settle(seat, succeed(runs))
    expect(await scene.workOff(seat)).toEqual([])
  },

  'control-purge-takes-suspects-and-parked-jobs': async (scene) => {
    await scene.put(3)
    await scene.takeAll(await scene.seat({ leaseMs: 150 }), 3)
    await scene.reclaimUntilRunning(0)
    await scene.put([job('parked', { waitsFor: 2 })])
    while ((await scene.broker.control.purge(scene.lane())).more);
    const counts = await scene.counts()
    expect([counts.ready, counts.suspects, counts.parked, counts.due]).toEqual([0, 0, 0, 0])
    expect(await scene.workOff(await scene.seat())).toEqual([])
  },

  'control-purge-is-told-to-waiters': async (scene) => {
    await scene.put(['a'])
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    expect(await scene.broker.control.purge(scene.lane())).toEqual({ purged: 1, more: false })
    expect(await waiter.ended).toEqual({ state: 'cancelled' })
  },
}

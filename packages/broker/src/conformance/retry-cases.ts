import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, retry, succeed } from './job-fixtures.js'
import { until } from './until.js'

export const retryCases: ConformanceTheme = {
  'retry-grows-attempts-and-history': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    for (const used of [0, 1, 2]) {
      const a = await scene.takeOne(seat)
      expect([a.attemptsUsed, a.crashes]).toEqual([used, 0])
      await scene.settle(seat, retry(a, 0, `failure ${used}`))
    }
    const view = await scene.view('a')
    expect([view.state, view.attemptsUsed]).toEqual(['ready', 3])
    expect(view.history.map((each) => each.message)).toEqual(['failure 0', 'failure 1', 'failure 2'])
    expect(view.history[0]).toMatchObject({ name: 'Error', reason: 'error', attempt: 1 })
  },

  'retry-without-delay-is-ready-at-once': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const reply = await scene.exchange(seat, { settlements: [retry(a)], want: 1 })
    const again = reply.reservations.length > 0 ? reply.reservations : await scene.take(seat)
    expect(ids(again)).toEqual(['a'])
    expect((await scene.counts()).due).toBe(0)
  },

  'retry-delay-is-obeyed': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const from = performance.now()
    await scene.settle(seat, retry(a, 400))
    const view = await scene.view('a')
    expect([view.state, view.attemptsUsed]).toEqual(['retrying', 1])
    expect(Math.abs((view.dueAt ?? 0) - (Date.now() + 400))).toBeLessThan(400)
    expect(await scene.take(seat)).toEqual([])
    const [again] = await until('the retried job to come back', async () => {
      await scene.promote()
      const held = await scene.take(seat)
      return held.length > 0 && held
    })
    expect(performance.now() - from).toBeGreaterThanOrEqual(390)
    expect([again?.id, again?.attemptsUsed]).toEqual(['a', 1])
  },

  'retry-keeps-the-priority': async (scene) => {
    await scene.put([job('late', { priority: -5 }), job('urgent', { priority: 5 }), job('normal')])
    const seat = await scene.seat()
    const urgent = await scene.takeOne(seat)
    expect(urgent.id).toBe('urgent')
    await scene.settle(seat, retry(urgent))
    expect((await scene.view('urgent')).priority).toBe(5)
    expect(await scene.workOff(seat)).toEqual(['urgent', 'normal', 'late'])
  },

  'retry-forgets-nothing-of-the-crashes': async (scene) => {
    await scene.put(['a'])
    await scene.take(await scene.seat({ leaseMs: 200 }))
    await scene.reclaimUntilRunning(0)
    const seat = await scene.seat()
    const a = await scene.takeOne(seat, true)
    expect([a.attemptsUsed, a.crashes]).toEqual([0, 1])
    await scene.settle(seat, retry(a))
    const again = await scene.takeOne(seat, true)
    expect([again.attemptsUsed, again.crashes]).toEqual([1, 1])
    await scene.settle(seat, succeed(again))
  },

  'retry-many-come-back-in-bounded-steps': async (scene) => {
    await scene.put(2_000)
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 2_000)
    for (let from = 0; from < held.length; from += 1_000) {
      await scene.settle(seat, ...held.slice(from, from + 1_000).map((each) => retry(each, 100)))
    }
    const epoch = await scene.epoch()
    const steps: number[] = []
    await until('all to be promoted', async () => {
      const step = await scene.broker.dispatch.promoteDue(scene.lane(), epoch)
      steps.push(step.promoted)
      return (await scene.counts()).ready === 2_000
    })
    expect(steps.reduce((sum, each) => sum + each, 0)).toBe(2_000)
    expect(Math.max(...steps)).toBeLessThan(2_000)
    expect((await scene.workOff(seat)).length).toBe(2_000)
  },
}

import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, release, succeed } from './job-fixtures.js'
import { until } from './until.js'

export const releaseCases: ConformanceTheme = {
  'release-is-uncounted-and-goes-to-the-front': async (scene) => {
    await scene.put(['a', 'b', 'c'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await scene.settle(seat, release(a))
    const view = await scene.view('a')
    expect([view.state, view.attemptsUsed, view.crashes, view.history]).toEqual(['ready', 0, 0, []])
    const again = await scene.takeOne(seat)
    expect([again.id, again.attemptsUsed, again.crashes]).toEqual(['a', 0, 0])
    await scene.settle(seat, succeed(again))
    expect(await scene.workOff(seat)).toEqual(['b', 'c'])
  },

  'release-keeps-the-priority': async (scene) => {
    await scene.put([job('low', { priority: -1 }), job('normal'), job('high', { priority: 1 })])
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 3)
    expect(ids(held)).toEqual(['high', 'normal', 'low'])
    await scene.settle(seat, ...held.map((each) => release(each)))
    expect(await scene.workOff(seat)).toEqual(['high', 'normal', 'low'])
  },

  'release-of-several-keeps-their-order': async (scene) => {
    await scene.put(['a', 'b', 'c', 'd', 'e'])
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 4)
    await scene.settle(seat, ...held.map((each) => release(each)))
    await scene.takeAll(seat, 4)
    await seat.reconcile([])
    const leaving = await scene.seat()
    await scene.takeAll(leaving, 4)
    await leaving.leave()
    expect(await scene.workOff(seat)).toEqual(['a', 'b', 'c', 'd', 'e'])
  },

  'release-with-delay-waits': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const from = performance.now()
    await scene.settle(seat, release(await scene.takeOne(seat), 300))
    expect(await scene.take(seat)).toEqual([])
    expect((await scene.counts()).due).toBe(1)
    const [again] = await until('the released job to come back', async () => {
      await scene.promote()
      const held = await scene.take(seat)
      return held.length > 0 && held
    })
    expect(performance.now() - from).toBeGreaterThanOrEqual(290)
    expect([again?.id, again?.attemptsUsed, again?.crashes]).toEqual(['a', 0, 0])
  },

  'release-by-leaving-is-uncounted': async (scene) => {
    await scene.put(20)
    const seat = await scene.seat()
    const held = [...(await scene.take(seat, 7)), ...(await scene.take(seat, 6))]
    expect(held.length).toBe(13)
    await seat.leave()
    await seat.leave()
    const counts = await scene.counts()
    expect([counts.ready, counts.suspects, counts.running, counts.crashed]).toEqual([20, 0, 0, 0])
    await expect(scene.exchange(seat, { want: 1 })).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await expect(seat.heartbeat()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    const other = await scene.seat()
    const taken = await scene.takeAll(other, 20)
    expect(taken.every((each) => each.crashes === 0 && each.attemptsUsed === 0)).toBe(true)
    expect(new Set(ids(taken)).size).toBe(20)
  },
}

import { expect } from 'vitest'
import type { Reservation } from '../ports/consumer.js'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, succeed } from './job-fixtures.js'

export const reconcileCases: ConformanceTheme = {
  'reconcile-puts-back-what-the-worker-does-not-know': async (scene) => {
    const put = await scene.put(6)
    const seat = await scene.seat()
    const known = await scene.take(seat, 2)
    const stray = await scene.take(seat, 3)
    expect(stray.length).toBe(3)
    expect(await seat.reconcile([(known[0] as Reservation).token])).toEqual({ putBack: 3 })
    expect((await seat.heartbeat()).tokens).toBe(1)
    const counts = await scene.counts()
    expect([counts.ready, counts.suspects, counts.running, counts.crashed]).toEqual([4, 0, 2, 0])
    const late = await scene.exchange(seat, { settlements: stray.map((each) => succeed(each)) })
    expect(late.lost.length).toBe(3)
    await scene.settle(seat, ...known.map((each) => succeed(each)))
    const again = await scene.takeAll(seat, 4)
    expect(ids(again).sort()).toEqual(ids(put.slice(2)))
    expect(again.every((each) => each.attemptsUsed === 0 && each.crashes === 0)).toBe(true)
  },

  'reconcile-with-nothing-astray-changes-nothing': async (scene) => {
    await scene.put(3)
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 3)
    expect(await seat.reconcile([...new Set(held.map((each) => each.token)), '12345'])).toEqual({ putBack: 0 })
    await scene.settle(seat, ...held.map((each) => succeed(each)))
    expect(await seat.reconcile([])).toEqual({ putBack: 0 })
  },

  'reconcile-leaves-other-seats-alone': async (scene) => {
    await scene.put(2)
    const [mine, other] = [await scene.seat(), await scene.seat()]
    await scene.takeOne(mine)
    const theirs = await scene.takeOne(other)
    expect(await mine.reconcile([])).toEqual({ putBack: 1 })
    await scene.settle(other, succeed(theirs))
  },

  'reconcile-keeps-the-priority-and-the-cancel': async (scene) => {
    await scene.put([job('low', { priority: -1 }), job('high', { priority: 1 }), 'cancelled', 'normal'])
    const seat = await scene.seat()
    await scene.takeAll(seat, 4)
    expect(await scene.broker.control.cancel(scene.ref('cancelled'))).toBe('asked')
    await seat.reconcile([])
    expect((await scene.counts()).running).toBe(0)
    expect(await scene.workOff(seat)).toEqual(['high', 'normal', 'low'])
  },
}

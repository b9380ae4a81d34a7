import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { job, retry, succeed } from './job-fixtures.js'
import { until } from './until.js'

export const pauseCases: ConformanceTheme = {
  'pause-hands-nothing-out-and-lets-running-jobs-end': async (scene) => {
    const { control } = scene.broker
    await scene.put(['a', 'b', job('u', { priority: 5 })])
    const seat = await scene.seat()
    const held = await scene.takeOne(seat)
    await control.pause(scene.lane())
    await control.pause(scene.lane())
    expect((await scene.counts()).paused).toBe(true)
    const reply = await scene.exchange(seat, { settlements: [retry(held)], want: 10, empty: true })
    expect([reply.lost, reply.reservations, reply.paused]).toEqual([[], [], true])
    await scene.put(['c', job('d', { delayMs: 1 })])
    await until('the delayed job to be ready', async () => {
      await scene.promote()
      return (await scene.counts()).due === 0
    })
    expect(await scene.take(seat, 10)).toEqual([])
    await control.resume(scene.lane())
    await control.resume(scene.lane())
    expect((await scene.counts()).paused).toBe(false)
    const after = await scene.exchange(seat, { want: 10, empty: true })
    expect([after.paused, after.reservations.length]).toEqual([false, 5])
    await scene.settle(seat, ...after.reservations.map((each) => succeed(each)))
  },

  'pause-is-for-one-lane': async (scene) => {
    await scene.put(['a'], scene.lane(0))
    await scene.put(['b'], scene.lane(1))
    await scene.broker.control.pause(scene.lane(0))
    expect(await scene.workOff(await scene.seat({ lane: scene.lane(1) }))).toEqual(['b'])
    expect(await scene.take(await scene.seat({ lane: scene.lane(0) }))).toEqual([])
  },

  'pause-holds-suspects-too': async (scene) => {
    await scene.put(['a'])
    await scene.take(await scene.seat({ leaseMs: 150 }))
    await scene.broker.control.pause(scene.lane())
    await scene.reclaimUntilRunning(0)
    const seat = await scene.seat()
    expect(await scene.take(seat, 1, true)).toEqual([])
    await scene.broker.control.resume(scene.lane())
    expect(await scene.workOff(seat)).toEqual(['a'])
  },
}

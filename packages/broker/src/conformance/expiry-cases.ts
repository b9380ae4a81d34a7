import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { job, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import { until, untilElapsed } from './until.js'

export const expiryCases: ConformanceTheme = {
  'expiry-waiting-past-it-is-expired-and-never-handed-out': async (scene) => {
    const expiresMs = 1_500
    await scene.put([job('a', { expiresMs }), job('b')])
    const from = performance.now()
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    await untilElapsed(from, expiresMs + 20)
    const seat = await scene.seat()
    expect(await scene.workOff(seat)).toEqual(['b'])
    expect(await waiter.ended).toEqual({ state: 'expired' })
    expect((await scene.view('a')).state).toBe('expired')
    const counts = await scene.counts()
    expect([counts.ready, counts.running, counts.due]).toEqual([0, 0, 0])
  },

  'expiry-in-time-runs': async (scene) => {
    await scene.put([job('a', { expiresMs: 1_000 }), job('b', { expiresMs: 60_000 })])
    const from = performance.now()
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 2)
    await untilElapsed(from, 1_050)
    await scene.settle(seat, ...held.map((each) => succeed(each, '1', 60_000)))
    expect(await scene.outcome('a')).toEqual({ state: 'succeeded', outputJson: '1' })
  },

  'expiry-of-a-delayed-job': async (scene) => {
    await scene.put([job('a', { delayMs: 200, expiresMs: 100 }), job('b', { delayMs: 200 })])
    const seat = await scene.seat()
    const done: string[] = []
    await until('the lane to be empty', async () => {
      await scene.promote()
      done.push(...(await scene.workOff(seat)))
      const counts = await scene.counts()
      return counts.due + counts.ready + counts.running === 0
    })
    expect(done).toEqual(['b'])
  },

  'expiry-of-many-leaves-the-rest-in-order': async (scene) => {
    const list = Array.from({ length: 400 }, (_, index) => job(`${index}`, index % 2 ? { expiresMs: 30 } : undefined))
    const from = performance.now()
    await scene.put(list)
    await untilElapsed(from, 100)
    const seat = await scene.seat()
    const done: string[] = []
    await until('the lane to be empty', async () => {
      done.push(...(await scene.workOff(seat)))
      return (await scene.counts()).ready === 0
    })
    expect(done).toEqual(list.flatMap((each, index) => (index % 2 ? [] : [each.id])))
  },

  'expiry-frees-the-unique-key': async (scene) => {
    const from = performance.now()
    await scene.put([job('a', { expiresMs: 30, unique: { key: 'k', until: 'done' } })])
    await untilElapsed(from, 60)
    const seat = await scene.seat()
    await until('the key to be free', async () => {
      await scene.workOff(seat)
      const [answer] = await scene.broker.producer.enqueue(scene.lane(), [
        job('b', { unique: { key: 'k', until: 'done' } }),
      ])
      return answer?.kind === 'accepted'
    })
    expect(await scene.workOff(seat)).toEqual(['b'])
  },
}

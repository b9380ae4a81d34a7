import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { release, retry, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** A seat takes the one job there is and dies; `begun`: after it noted that the handler is entered. */
async function dieWith(scene: Scene, id: string, begun: boolean): Promise<void> {
  const seat = await scene.seat({ leaseMs: 150 })
  const held = await scene.takeSuspect(seat)
  expect(held.id).toBe(id)
  if (begun) expect(await seat.begin(held)).toBe(true)
  await scene.reclaimUntilRunning(0)
}

/** Who is charged when a worker dies: of the jobs that crashed before only those that had begun. */
export const begunCases: ConformanceTheme = {
  'begun-not-a-suspect-is-charged-no-crash': async (scene) => {
    await scene.put(['a'])
    await dieWith(scene, 'a', false)
    for (let round = 0; round < 3; round++) await dieWith(scene, 'a', false)
    const [view, counts] = [await scene.view('a'), await scene.counts()]
    expect([view.state, view.crashes, counts.suspects, counts.crashed]).toEqual(['ready', 1, 1, 1])
    expect(await scene.workOff(await scene.seat())).toEqual(['a'])
  },

  'begun-not-a-job-that-runs-alone-is-charged-no-crash': async (scene) => {
    await scene.put(['a'])
    await scene.crash('a', 2)
    for (let round = 0; round < 3; round++) await dieWith(scene, 'a', false)
    expect((await scene.view('a')).crashes).toBe(2)
    await dieWith(scene, 'a', true)
    const view = await scene.view('a')
    expect([view.state, view.crashes, view.history.at(-1)?.reason]).toEqual(['failed', 3, 'poison'])
  },

  'begun-twice-is-charged-once': async (scene) => {
    await scene.put(['a'])
    await scene.crash('a', 1)
    const seat = await scene.seat({ leaseMs: 150 })
    const a = await scene.takeOne(seat)
    expect([await seat.begin(a), await seat.begin(a)]).toEqual([true, true])
    await scene.reclaimUntilRunning(0)
    expect((await scene.view('a')).crashes).toBe(2)
  },

  'begun-speaks-of-one-reservation-only': async (scene) => {
    await scene.put(['a'])
    await scene.crash('a', 1)
    const seat = await scene.seat({ leaseMs: 300 })
    const first = await scene.takeOne(seat)
    await seat.begin(first)
    await scene.settle(seat, release(first))
    const second = await scene.takeOne(seat)
    expect([await seat.begin(first), second.token === first.token]).toEqual([false, false])
    await scene.reclaimUntilRunning(0)
    expect((await scene.view('a')).crashes).toBe(1)
  },

  'begun-and-retried-a-suspect-is-still-held-one-at-a-time': async (scene) => {
    await scene.put(3)
    await scene.takeAll(await scene.seat({ leaseMs: 150 }), 3)
    await scene.reclaimUntilRunning(0)
    for (const delayMs of [0, 1, 0]) {
      const seat = await scene.seat()
      await scene.settle(seat, retry(await scene.takeOne(seat), delayMs))
    }
    await until('all to be ready again', async () => {
      await scene.promote()
      return (await scene.counts()).suspects === 3
    })
    expect((await scene.take(await scene.seat(), 10)).length).toBe(1)
  },

  'begun-is-refused-for-what-is-not-held': async (scene) => {
    await scene.put(['a', 'b'])
    const [seat, other] = [await scene.seat({ leaseMs: 200 }), await scene.seat()]
    const a = await scene.takeOne(seat)
    expect(await other.begin(a)).toBe(false)
    await scene.settle(seat, succeed(a))
    expect(await seat.begin(a)).toBe(false)
    await scene.takeOne(seat)
    await scene.reclaimUntilRunning(0)
    await expect(seat.begin(a)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  },
}

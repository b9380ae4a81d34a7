import { expect } from 'vitest'
import type { Reservation, Seat, Settlement } from '../ports/consumer.js'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, jobs, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** Crashes `id` by letting a seat that took it die, `times` times. Other jobs in the lane must be absent. */
async function crash(scene: Scene, id: string, times: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    const held = await scene.takeOne(await scene.seat({ leaseMs: 150 }), true)
    expect(held.id).toBe(id)
    await scene.reclaimUntilRunning(0)
  }
}

export const poisonCases: ConformanceTheme = {
  'poison-fails-at-its-third-crash-and-takes-no-neighbour-along': {
    timeoutMs: 40_000,
    run: async (scene) => {
      const good = jobs(100, 'good')
      await scene.put([...good.slice(0, 40), job('poison'), ...good.slice(40)])
      const succeeded = new Set<string>()
      let killed = 0
      let seat: Seat = await scene.seat({ leaseMs: 250 })
      let settlements: Settlement[] = []
      await until(
        'all good jobs to succeed and the poison to fail',
        async () => {
          const reply = await scene.exchange(seat, { settlements, want: 10, empty: true })
          for (const each of settlements) succeeded.add(each.reservation.id)
          settlements = []
          if (reply.reservations.some((each) => each.id === 'poison')) {
            // The process dies here, with all that it holds.
            killed += 1
            if (killed === 3)
              expect(reply.reservations.map((each) => [each.id, each.alone])).toEqual([['poison', true]])
            await scene.reclaimUntilRunning(0)
            seat = await scene.seat({ leaseMs: 250 })
          } else {
            settlements = reply.reservations.map((each) => succeed(each))
          }
          return succeeded.size === 100 && (await scene.view('poison')).state === 'failed'
        },
        { withinMs: 30_000, everyMs: 0 },
      )
      expect(killed).toBe(3)
      const view = await scene.view('poison')
      expect([view.crashes, view.history.at(-1)?.reason]).toEqual([3, 'poison'])
      const counts = await scene.counts()
      expect([counts.failed, counts.succeeded, counts.ready, counts.suspects]).toEqual([1, 100, 0, 0])
    },
  },

  'poison-is-told-to-its-waiter-and-counted': async (scene) => {
    await scene.put([job('a', { maxCrashes: 2 })])
    await crash(scene, 'a', 1)
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    const dead = await scene.seat({ leaseMs: 150 })
    expect((await scene.takeOne(dead, true)).alone).toBe(true)
    const { poisoned } = await scene.reclaimUntilRunning(0)
    expect(poisoned).toBe(1)
    expect(await waiter.ended).toMatchObject({ state: 'failed', failure: { reason: 'poison' } })
    expect((await scene.view('a')).state).toBe('failed')
  },

  'poison-limit-of-one-and-of-five': async (scene) => {
    await scene.put([job('one', { maxCrashes: 1 })])
    await crash(scene, 'one', 1)
    expect((await scene.view('one')).history.at(-1)?.reason).toBe('poison')
    await scene.put([job('five', { maxCrashes: 5 })])
    await crash(scene, 'five', 4)
    expect((await scene.view('five')).state).toBe('ready')
    await crash(scene, 'five', 1)
    expect((await scene.view('five')).state).toBe('failed')
  },

  'poison-suspect-with-one-crash-left-is-handed-out-alone': async (scene) => {
    await scene.put(['a'])
    await crash(scene, 'a', 2)
    await scene.put(5)
    const seat = await scene.seat()
    const reply = await scene.exchange(seat, { want: 10, empty: true })
    expect(reply.reservations.map((each) => [each.id, each.alone, each.crashes])).toEqual([['a', true, 2]])
    expect(reply.drain).toBe(false)
    await scene.settle(seat, succeed(reply.reservations[0] as Reservation))
    expect((await scene.workOff(seat)).length).toBe(5)
  },

  'poison-suspect-makes-one-busy-seat-drain': async (scene) => {
    await scene.put(['a'])
    await crash(scene, 'a', 2)
    await scene.put(20)
    const seats = [await scene.seat(), await scene.seat()]
    const held: Reservation[][] = [[], []]
    let draining = -1
    await until('one seat to be asked to drain', async () => {
      const asked: number[] = []
      for (const [index, seat] of seats.entries()) {
        const reply = await scene.exchange(seat, { want: 1, empty: false })
        expect(ids(reply.reservations)).not.toContain('a')
        held[index]?.push(...reply.reservations)
        if (reply.drain) asked.push(index)
      }
      expect(asked.length).toBeLessThanOrEqual(1)
      draining = asked[0] ?? -1
      return asked.length === 1
    })
    const seat = seats[draining] as Seat
    const settlements = (held[draining] ?? []).map((each) => succeed(each))
    const reply = await scene.exchange(seat, { settlements, want: 5, empty: true })
    expect(reply.lost).toEqual([])
    expect(reply.reservations.map((each) => [each.id, each.alone])).toEqual([['a', true]])
    const other = await scene.exchange(seats[1 - draining] as Seat, { want: 1 })
    expect(other.drain).toBe(false)
  },

  'poison-drain-ends-though-the-draining-seat-dies': async (scene) => {
    await scene.put(['a'])
    await crash(scene, 'a', 2)
    await scene.put(2)
    const [dying, next] = [await scene.seat({ leaseMs: 300 }), await scene.seat()]
    await until('a seat to be asked to drain', async () => (await scene.exchange(dying, { want: 1 })).drain)
    await scene.reclaimUntilRunning(0)
    const done = await until('the suspect to run elsewhere', async () => {
      const reply = await scene.exchange(next, { want: 1, empty: true })
      await scene.settle(next, ...reply.reservations.map((each) => succeed(each)))
      return reply.reservations.some((each) => each.id === 'a')
    })
    expect(done).toBe(true)
  },
}

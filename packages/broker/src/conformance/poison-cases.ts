import { expect } from 'vitest'
import type { Reservation, Seat, Settlement } from '../ports/consumer.js'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, jobs, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import { until, untilElapsed } from './until.js'

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
          for (const each of reply.reservations) if (each.crashes > 0) expect(await seat.begin(each)).toBe(true)
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
    await scene.crash('a', 1)
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    const dead = await scene.seat({ leaseMs: 150 })
    const a = await scene.takeSuspect(dead)
    expect([a.alone, await dead.begin(a)]).toEqual([true, true])
    const { poisoned } = await scene.reclaimUntilRunning(0)
    expect(poisoned).toBe(1)
    expect(await waiter.ended).toMatchObject({ state: 'failed', failure: { reason: 'poison' } })
    expect((await scene.view('a')).state).toBe('failed')
  },

  'poison-crashes-are-told-with-what-became-of-the-job': async (scene) => {
    await scene.put([
      job('plain'),
      job('brittle', { maxCrashes: 1 }),
      job('once', { atMostOnce: true }),
      job('cancelled'),
    ])
    const dead = await scene.seat({ leaseMs: 150 })
    expect((await scene.exchange(dead, { want: 4 })).reservations.length).toBe(4)
    await scene.broker.control.cancel(scene.ref('cancelled'))
    const { crashed } = await scene.reclaimUntilRunning(0)
    expect(crashed.map((each) => [each.id, each.crashes, each.failed]).sort()).toEqual([
      ['brittle', 1, true],
      ['once', 1, true],
      ['plain', 1, false],
    ])
    expect((await scene.reclaim()).crashed).toEqual([])
  },

  'poison-limit-of-one-and-of-five': async (scene) => {
    await scene.put([job('one', { maxCrashes: 1 })])
    await scene.crash('one', 1)
    expect((await scene.view('one')).history.at(-1)?.reason).toBe('poison')
    await scene.put([job('five', { maxCrashes: 5 })])
    await scene.crash('five', 4)
    expect((await scene.view('five')).state).toBe('ready')
    await scene.crash('five', 1)
    expect((await scene.view('five')).state).toBe('failed')
  },

  'poison-suspect-with-one-crash-left-is-handed-out-alone': async (scene) => {
    await scene.put(['a'])
    await scene.crash('a', 2)
    const from = performance.now()
    const seat = await scene.seat({ leaseMs: 300 })
    await scene.put(5)
    await untilElapsed(from, 350)
    const reply = await scene.exchange(seat, { want: 10, empty: true })
    expect(reply.reservations.map((each) => [each.id, each.alone, each.crashes])).toEqual([['a', true, 2]])
    expect(reply.drain).toBe(false)
    await scene.settle(seat, succeed(reply.reservations[0] as Reservation))
    expect((await scene.workOff(seat)).length).toBe(5)
  },

  'poison-suspect-with-one-crash-left-waits-for-a-seat-that-lasts': async (scene) => {
    await scene.put(['a'])
    await scene.crash('a', 2)
    await scene.put(5)
    const young = await scene.seat({ leaseMs: 60_000 })
    const reply = await scene.exchange(young, { want: 2 })
    expect([reply.drain, ids(reply.reservations).includes('a')]).toEqual([false, false])
    await scene.settle(young, ...reply.reservations.map((each) => succeed(each)))
    expect(await scene.workOff(young)).not.toContain('a')
    expect((await scene.takeSuspect(await scene.seat({ leaseMs: 200 }))).id).toBe('a')
  },

  'poison-suspect-makes-one-busy-seat-drain': async (scene) => {
    await scene.put(['a'])
    await scene.crash('a', 2)
    await scene.put(20)
    const seats = [await scene.seat({ leaseMs: 500 }), await scene.seat({ leaseMs: 500 })]
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
    await scene.crash('a', 2)
    await scene.put(2)
    const [dying, next] = [await scene.seat({ leaseMs: 300 }), await scene.seat({ leaseMs: 300 })]
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

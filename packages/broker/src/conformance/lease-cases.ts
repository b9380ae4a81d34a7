import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, jobs, succeed } from './job-fixtures.js'
import { until } from './until.js'

export const leaseCases: ConformanceTheme = {
  'lease-end-brings-jobs-back-with-a-crash-counted': async (scene) => {
    const put = await scene.put(5)
    const dead = await scene.seat({ leaseMs: 200 })
    await scene.takeAll(dead, 5)
    await scene.put(['fresh'])
    await scene.reclaimUntilRunning(0)
    const counts = await scene.counts()
    expect([counts.ready, counts.suspects, counts.crashed]).toEqual([1, 5, 5])
    const view = await scene.view(put[0]?.id ?? '')
    expect([view.state, view.crashes, view.attemptsUsed]).toEqual(['ready', 1, 0])
    expect((await scene.workOff(await scene.seat())).sort()).toEqual(['fresh', ...ids(put)])
  },

  'lease-lasts-as-long-as-it-says': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat({ leaseMs: 600 })
    const from = performance.now()
    const a = await scene.takeOne(seat)
    await until('the lease to end', async () => (await scene.reclaim()).reclaimed > 0)
    expect(performance.now() - from).toBeGreaterThanOrEqual(580)
    await expect(scene.exchange(seat, { settlements: [succeed(a)] })).rejects.toMatchObject({ code: 'LEASE_LOST' })
  },

  'lease-is-kept-by-heartbeats': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat({ leaseMs: 1_000 })
    const a = await scene.takeOne(seat)
    const from = performance.now()
    await until(
      'three lease lengths to pass',
      async () => {
        expect((await seat.heartbeat()).tokens).toBe(1)
        expect((await scene.reclaim()).reclaimed).toBe(0)
        return performance.now() - from > 3_000
      },
      { everyMs: 50 },
    )
    await scene.settle(seat, succeed(a))
  },

  'lease-is-kept-by-exchanges': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat({ leaseMs: 1_000 })
    const a = await scene.takeOne(seat)
    const from = performance.now()
    await until(
      'three lease lengths to pass',
      async () => {
        await scene.exchange(seat, {})
        expect((await scene.reclaim()).reclaimed).toBe(0)
        return performance.now() - from > 3_000
      },
      { everyMs: 50 },
    )
    await scene.settle(seat, succeed(a))
  },

  'lease-of-one-seat-says-nothing-of-another': async (scene) => {
    await scene.put(['a', 'b'])
    const [dead, alive] = [await scene.seat({ leaseMs: 200 }), await scene.seat()]
    await scene.takeOne(dead)
    const b = await scene.takeOne(alive)
    await scene.reclaimUntilRunning(1)
    await scene.settle(alive, succeed(b))
    expect(await scene.workOff(alive)).toEqual(['a'])
  },

  'lease-lost-fences-every-call': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat({ leaseMs: 200 })
    const a = await scene.takeOne(seat)
    await scene.reclaimUntilRunning(0)
    const lost = { code: 'LEASE_LOST' }
    await expect(scene.exchange(seat, { settlements: [succeed(a)], want: 1 })).rejects.toMatchObject(lost)
    await expect(scene.exchange(seat, { want: 1 })).rejects.toMatchObject(lost)
    await expect(seat.heartbeat()).rejects.toMatchObject(lost)
    await expect(seat.reconcile([])).rejects.toMatchObject(lost)
    await expect(seat.progress(a, '1')).rejects.toMatchObject(lost)
    await seat.leave()
    const counts = await scene.counts()
    expect([counts.ready, counts.suspects, counts.running, counts.succeeded]).toEqual([1, 1, 0, 0])
    const next = await scene.seat()
    expect((await scene.workOff(next)).sort()).toEqual(['a', 'b'])
  },

  'lease-lost-verdict-in-an-other-seat-is-lost': async (scene) => {
    await scene.put(['a'])
    const a = await scene.takeOne(await scene.seat({ leaseMs: 200 }))
    await scene.reclaimUntilRunning(0)
    const next = await scene.seat()
    const again = await scene.takeOne(next, true)
    const reply = await scene.exchange(next, { settlements: [succeed(a)] })
    expect(reply.lost.length).toBe(1)
    await scene.settle(next, succeed(again))
  },

  'lease-end-of-a-worker-with-5000-jobs': {
    timeoutMs: 90_000,
    run: async (scene) => {
      const put = await scene.put(jobs(5_000))
      const dead = await scene.seat({ leaseMs: 2_000 })
      await scene.takeAll(dead, 5_000)
      expect((await scene.counts()).running).toBe(5_000)
      const { steps } = await scene.reclaimUntilRunning(0)
      expect(steps.reduce((sum, each) => sum + each, 0)).toBe(5_000)
      expect(Math.max(...steps)).toBeLessThanOrEqual(2_500)
      const counts = await scene.counts()
      expect([counts.ready, counts.suspects, counts.crashed]).toEqual([0, 5_000, 5_000])
      const seat = await scene.seat()
      const order: string[] = []
      let held = await scene.takeOne(seat, true)
      for (;;) {
        if (held.crashes !== 1) throw new Error(`${held.id} counts ${held.crashes} crashes`)
        order.push(held.id)
        const [next] = (await scene.exchange(seat, { settlements: [succeed(held)], want: 1, empty: true })).reservations
        if (next === undefined) break
        held = next
      }
      expect(order).toEqual(ids(put))
    },
  },

  'suspects-at-most-one-per-exchange': async (scene) => {
    await scene.put(4)
    await scene.takeAll(await scene.seat({ leaseMs: 200 }), 4)
    await scene.reclaimUntilRunning(0)
    await scene.put(['fresh-1', 'fresh-2'])
    const held = await scene.take(await scene.seat(), 10, true)
    expect(held.filter((each) => each.crashes > 0).length).toBe(1)
    expect(held.filter((each) => each.id.startsWith('fresh')).length).toBe(2)
  },

  'suspects-at-most-one-held-per-seat': async (scene) => {
    await scene.put(4)
    await scene.takeAll(await scene.seat({ leaseMs: 200 }), 4)
    await scene.reclaimUntilRunning(0)
    const [first, second] = [await scene.seat(), await scene.seat()]
    const suspect = await scene.takeOne(first, true)
    expect(await scene.take(first, 10)).toEqual([])
    expect((await scene.take(second, 10, true)).length).toBe(1)
    const reply = await scene.exchange(first, { settlements: [succeed(suspect)], want: 10 })
    expect([reply.lost.length, reply.reservations.length]).toEqual([0, 1])
  },

  'lease-end-of-an-at-most-once-job-fails-it': async (scene) => {
    await scene.put([job('once', { atMostOnce: true }), job('again')])
    const dead = await scene.seat({ leaseMs: 200 })
    const held = await scene.takeAll(dead, 2)
    expect(held.map((each) => each.atMostOnce)).toEqual([true, false])
    await scene.reclaimUntilRunning(0)
    const view = await scene.view('once')
    expect([view.state, view.history.at(-1)?.reason]).toEqual(['failed', 'lease-lost'])
    expect(await scene.workOff(await scene.seat())).toEqual(['again'])
  },

  'lease-end-frees-what-the-retry-control-needs': async (scene) => {
    await scene.put([job('once', { atMostOnce: true })])
    await scene.takeOne(await scene.seat({ leaseMs: 200 }))
    await scene.reclaimUntilRunning(0)
    expect(await scene.broker.control.retry(scene.ref('once'))).toBe('retried')
    const again = await scene.takeOne(await scene.seat())
    expect([again.id, again.crashes, again.atMostOnce]).toEqual(['once', 0, true])
  },
}

import { expect } from 'vitest'
import type { Reservation } from '../ports/consumer.js'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, succeed } from './job-fixtures.js'
import { until } from './until.js'

export const exchangeCases: ConformanceTheme = {
  'exchange-takes-no-more-than-wanted': async (scene) => {
    await scene.put(5)
    const seat = await scene.seat()
    const reply = await scene.exchange(seat, { want: 2 })
    expect(reply.reservations.length).toBe(2)
    expect([reply.more, reply.paused, reply.drain]).toEqual([true, false, false])
    expect((await scene.exchange(seat, { want: 0 })).reservations).toEqual([])
    const rest = await scene.exchange(seat, { want: 10 })
    expect(rest.reservations.length).toBe(3)
    expect(rest.more).toBe(false)
  },

  'exchange-describes-an-ordinary-job': async (scene) => {
    await scene.put(['a'])
    const reservation = await scene.takeOne(await scene.seat())
    expect(reservation).toMatchObject({
      id: 'a',
      lane: scene.lane(),
      attemptsUsed: 0,
      crashes: 0,
      alone: false,
      composed: false,
      feeds: false,
      atMostOnce: false,
    })
    expect(reservation.token).toMatch(/^[0-9]+$/)
  },

  'exchange-tokens-grow-per-lane': async (scene) => {
    await scene.put(4)
    const [first, second] = [await scene.seat(), await scene.seat()]
    const tokens: bigint[] = []
    for (const seat of [first, second, first, second]) tokens.push(BigInt((await scene.takeOne(seat)).token))
    expect(tokens.every((token, index) => index === 0 || token > (tokens[index - 1] as bigint))).toBe(true)
  },

  'exchange-two-seats-never-get-the-same-job': async (scene) => {
    const put = await scene.put(500)
    const other = await scene.another()
    const seats = [await scene.seat(), await scene.seat({ broker: other }), await scene.seat({ broker: other })]
    const got: string[] = []
    await Promise.all(
      seats.map(async (seat) => {
        let held: readonly Reservation[] = await scene.take(seat, 7)
        while (held.length > 0) {
          got.push(...ids(held))
          const reply = await scene.exchange(seat, { settlements: held.map((each) => succeed(each)), want: 7 })
          expect(reply.lost).toEqual([])
          held = reply.reservations
        }
      }),
    )
    expect(got.length).toBe(500)
    expect([...got].sort()).toEqual(ids(put))
  },

  'exchange-two-in-flight-on-one-seat': async (scene) => {
    const put = await scene.put(300)
    const seat = await scene.seat()
    const got: string[] = []
    const loop = async () => {
      let held: readonly Reservation[] = await scene.take(seat, 10)
      while (held.length > 0) {
        got.push(...ids(held))
        const reply = await scene.exchange(seat, { settlements: held.map((each) => succeed(each)), want: 10 })
        expect(reply.lost).toEqual([])
        held = reply.reservations
      }
    }
    await Promise.all([loop(), loop()])
    expect([...got].sort()).toEqual(ids(put))
    expect((await scene.counts()).succeeded).toBe(300)
  },

  'exchange-settles-and-takes-in-one-call': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const reply = await scene.exchange(seat, { settlements: [succeed(a)], want: 5 })
    expect(ids(reply.reservations)).toEqual(['b'])
    const counts = await scene.counts()
    expect([counts.ready, counts.running, counts.succeeded]).toEqual([0, 1, 1])
  },

  'exchange-counts-tallies-without-harm': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const tally = [
      { task: 'mail.send', succeeded: 1, retried: 0, failed: 0, busyMs: 12.5 },
      { task: '__proto__', succeeded: 1, retried: 2, failed: 3, busyMs: 0 },
    ]
    const reply = await seat.exchange({ settlements: [succeed(a)], want: 1, empty: true, tally })
    expect([reply.lost, reply.reservations]).toEqual([[], []])
  },

  'exchange-heartbeat-tells-how-many-tokens-are-held': async (scene) => {
    await scene.put(3)
    const seat = await scene.seat()
    expect((await seat.heartbeat()).tokens).toBe(0)
    const first = await scene.take(seat, 2)
    const second = await scene.take(seat, 1)
    expect((await seat.heartbeat()).tokens).toBe(2)
    await scene.settle(seat, succeed(first[0] as Reservation))
    expect((await seat.heartbeat()).tokens).toBe(2)
    await scene.settle(seat, succeed(first[1] as Reservation))
    expect((await seat.heartbeat()).tokens).toBe(1)
    await scene.settle(seat, succeed(second[0] as Reservation))
    expect((await seat.heartbeat()).tokens).toBe(0)
  },

  'exchange-announces-workers-and-commands': async (scene) => {
    const info = (id: string) => ({
      id,
      host: 'h',
      pid: 1,
      version: '1',
      queues: ['work'],
      concurrency: 5,
      startedAt: 1,
      running: 0,
      state: 'running' as const,
      jobs: [{ id: 'j', queue: 'work', task: 't', attempt: 2, since: 5 }],
    })
    const { consumer, control, inspect } = scene.broker
    expect(await consumer.announce(info('w1'))).toEqual([])
    expect(await consumer.announce(info('w2'))).toEqual([])
    await until('both workers to be listed', async () => (await inspect.workers()).length === 2)
    expect((await inspect.workers()).find((each) => each.id === 'w1')).toEqual({
      ...info('w1'),
      seenAt: expect.any(Number),
    })
    await control.broadcast({ id: 'c1', kind: 'ping' })
    await control.broadcast({ id: 'c2', kind: 'resize', size: 9, workers: ['w2'] })
    expect(await consumer.announce(info('w1'))).toEqual([{ id: 'c1', kind: 'ping' }])
    expect(await consumer.announce(info('w2'))).toEqual([
      { id: 'c1', kind: 'ping' },
      { id: 'c2', kind: 'resize', size: 9, workers: ['w2'] },
    ])
    expect(await consumer.announce(info('w2'))).toEqual([])
    await consumer.retire('w1')
    expect(ids(await inspect.workers())).toEqual(['w2'])
  },

  'exchange-tells-who-listens-of-commands': async (scene) => {
    const { consumer, control } = scene.broker
    const heard = { w0: 0, w1: 0, w2: 0 }
    const hear = (worker: keyof typeof heard) => consumer.hearCommands?.(worker, () => heard[worker]++)
    const order = (workers?: readonly string[]) =>
      control.broadcast({ id: 'c', kind: 'ping', ...(workers !== undefined && { workers }) })
    if (hear('w0') === undefined) return
    // Until the connection is there a command may be missed; the next announcement brings that.
    await until('the first to hear', async () => {
      await order(['w0'])
      return heard.w0 > 0
    })
    const [endFirst, endSecond] = [hear('w1'), hear('w2')]
    await order(['w2'])
    await until('who it is for to hear', () => heard.w2 === 1)
    expect(heard.w1).toBe(0)
    await order()
    await until('all to hear', () => heard.w1 === 1 && heard.w2 === 2)
    endFirst?.()
    await order()
    await until('who still listens to hear', () => heard.w2 === 3)
    expect(heard.w1).toBe(1)
    endSecond?.()
  },
}

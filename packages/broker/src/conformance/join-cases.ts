import { expect } from 'vitest'
import type { Lane } from '../ports/lane.js'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, ids, job, retry, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** A job whose output is the `index`-th input of `body`. */
export function member(scene: Scene, id: string, index: number, body = 'body', lane = scene.lane()) {
  return job(id, { joins: { lane, id: body, index } })
}

/** Plays the dispatcher over these lanes until the parked job is parked no more. */
export async function deliverUntilUnparked(scene: Scene, lane: Lane, lanes: readonly Lane[] = [lane]): Promise<void> {
  await until('the parked job to be let go', async () => {
    await scene.drainOutboxes(...lanes)
    return (await scene.counts(lane)).parked === 0
  })
}

export const joinCases: ConformanceTheme = {
  'join-parked-until-all-are-in-and-inputs-in-order': async (scene) => {
    await scene.put([job('body', { waitsFor: 3 })])
    expect((await scene.view('body')).state).toBe('scheduled')
    await scene.put([member(scene, 'm2', 2), member(scene, 'm0', 0), member(scene, 'm1', 1)])
    const seat = await scene.seat()
    for (const left of [2, 1, 0]) {
      const held = await scene.takeOne(seat)
      expect([held.feeds, held.composed]).toEqual([true, false])
      await scene.settle(seat, succeed(held, JSON.stringify({ from: held.id, text: '日本"' }), 0))
      if (left > 0) {
        await scene.drainOutboxes()
        expect((await scene.counts()).parked).toBe(1)
      }
    }
    await deliverUntilUnparked(scene, scene.lane())
    const body = await scene.takeOne(seat)
    expect([body.id, body.composed, body.feeds]).toEqual(['body', true, false])
    const inputs = await seat.inputs(body)
    expect(inputs.map((each) => JSON.parse(each))).toEqual(['m0', 'm1', 'm2'].map((from) => ({ from, text: '日本"' })))
    await scene.settle(seat, succeed(body))
    await scene.drainOutboxes()
    expect(await scene.workOff(seat)).toEqual([])
  },

  'join-across-lanes-runs-the-body-once': async (scene) => {
    const [home, left, right] = [scene.lane(0), scene.lane(1), scene.lane(0, 'other')]
    const lanes = [home, left, right]
    await scene.put([job('body', { waitsFor: 2 })], home)
    await scene.put([member(scene, 'l', 0)], left)
    await scene.put([member(scene, 'r', 1)], right)
    for (const lane of [right, left]) {
      const seat = await scene.seat({ lane })
      const held = await scene.takeOne(seat)
      await scene.settle(seat, succeed(held, JSON.stringify(held.id), 0))
      const agenda = await scene.broker.dispatch.agenda(lane, await scene.epoch())
      const parked = (await scene.counts(home)).parked
      // What is not delivered yet must be on the agenda, or nobody would deliver it.
      if (lane === left) expect(agenda.outbox > 0 || parked === 0).toBe(true)
    }
    await deliverUntilUnparked(scene, home, lanes)
    await scene.drainOutboxes(...lanes)
    for (const lane of lanes) {
      expect((await scene.broker.dispatch.agenda(lane, await scene.epoch())).outbox).toBe(0)
    }
    const seat = await scene.seat({ lane: home })
    const held = await scene.take(seat, 10)
    expect(ids(held)).toEqual(['body'])
    expect(held[0] && (await seat.inputs(held[0]))).toEqual(['"l"', '"r"'])
    await scene.drainOutboxes(...lanes)
    expect(await scene.take(seat, 10)).toEqual([])
  },

  'join-delivered-by-two-dispatchers-at-once-counts-once': async (scene) => {
    const [home, away] = [scene.lane(0), scene.lane(1)]
    const other = await scene.another()
    await scene.put([job('body', { waitsFor: 2 })], home)
    await scene.put([member(scene, 'm0', 0), member(scene, 'm1', 1)], away)
    const seat = await scene.seat({ lane: away })
    const epoch = await scene.epoch()
    const both = () => Promise.all([scene.broker, other].map((broker) => broker.dispatch.drainOutbox(away, epoch)))
    await scene.settle(seat, succeed(await scene.takeOne(seat), '0', 0))
    for (let round = 0; round < 5; round++) await both()
    expect((await scene.counts(home)).parked).toBe(1)
    await scene.settle(seat, succeed(await scene.takeOne(seat), '1', 0))
    for (let round = 0; round < 5; round++) await both()
    await deliverUntilUnparked(scene, home, [home, away])
    expect(await scene.workOff(await scene.seat({ lane: home }))).toEqual(['body'])
  },

  'join-same-index-twice-counts-once': async (scene) => {
    await scene.put([
      job('body', { waitsFor: 2 }),
      member(scene, 'a', 0),
      member(scene, 'a-again', 0),
      member(scene, 'b', 1),
    ])
    const seat = await scene.seat()
    for (const _ of [1, 2]) await scene.settle(seat, succeed(await scene.takeOne(seat), '1', 0))
    await scene.drainOutboxes()
    expect((await scene.counts()).parked).toBe(1)
    await scene.settle(seat, succeed(await scene.takeOne(seat), '2', 0))
    await deliverUntilUnparked(scene, scene.lane())
    const body = await scene.takeOne(seat)
    expect(await seat.inputs(body)).toEqual(['1', '2'])
  },

  'join-member-retried-joins-once-at-its-end': async (scene) => {
    await scene.put([job('body', { waitsFor: 1 }), member(scene, 'm', 0)])
    const seat = await scene.seat()
    await scene.settle(seat, retry(await scene.takeOne(seat)))
    await scene.drainOutboxes()
    expect((await scene.counts()).parked).toBe(1)
    await scene.settle(seat, succeed(await scene.takeOne(seat), '"end"', 60_000))
    await deliverUntilUnparked(scene, scene.lane())
    const body = await scene.takeOne(seat)
    expect(await seat.inputs(body)).toEqual(['"end"'])
  },

  'join-inputs-stay-for-the-next-attempt': async (scene) => {
    await scene.put([job('body', { waitsFor: 1 }), member(scene, 'm', 0)])
    let seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), '"in"', 0))
    await deliverUntilUnparked(scene, scene.lane())
    const check = async () => {
      const body = await scene.takeOne(seat, true)
      expect([body.id, body.composed]).toEqual(['body', true])
      expect(await seat.inputs(body)).toEqual(['"in"'])
      return body
    }
    await scene.settle(seat, retry(await check()))
    seat = await scene.seat({ leaseMs: 200 })
    await check()
    await scene.reclaimUntilRunning(0)
    seat = await scene.seat()
    await scene.settle(seat, fail(await check()))
    expect(await scene.broker.control.retry(scene.ref('body'))).toBe('retried')
    await scene.settle(seat, succeed(await check()))
  },

  'join-chain-of-three': async (scene) => {
    const [one, two] = [scene.lane(0), scene.lane(1)]
    await scene.put([job('third', { waitsFor: 1 })], one)
    await scene.put([job('second', { waitsFor: 1, joins: { lane: one, id: 'third', index: 0 } })], two)
    await scene.put([job('first', { joins: { lane: two, id: 'second', index: 0 } })], one)
    const seats = new Map([
      ['first', await scene.seat({ lane: one })],
      ['second', await scene.seat({ lane: two })],
      ['third', await scene.seat({ lane: one })],
    ])
    let previous: string | undefined
    for (const [id, seat] of seats) {
      const held = await until(`${id} to be ready`, async () => {
        await scene.drainOutboxes(one, two)
        return (await scene.take(seat))[0]
      })
      expect([held.id, held.feeds]).toEqual([id, id !== 'third'])
      if (previous !== undefined) expect(await seat.inputs(held)).toEqual([JSON.stringify(previous)])
      await scene.settle(seat, succeed(held, JSON.stringify(id), 0))
      previous = id
    }
  },

  'join-body-keeps-its-delay-priority-and-name': async (scene) => {
    await scene.put([job('body', { waitsFor: 1, priority: 9, named: true }), member(scene, 'm', 0)])
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), '1', 0))
    await scene.put(['normal'])
    await deliverUntilUnparked(scene, scene.lane())
    expect(await scene.workOff(seat)).toEqual(['body', 'normal'])
    const [answer] = await scene.broker.producer.enqueue(scene.lane(), [job('body', { named: true })])
    expect(answer?.kind).toBe('duplicate')
  },

  'join-parked-body-can-be-cancelled': async (scene) => {
    await scene.put([job('body', { waitsFor: 1 }), member(scene, 'm', 0)])
    const waiter = await registeredWaiter(scene, scene.ref('body'))
    expect(await scene.broker.control.cancel(scene.ref('body'))).toBe('cancelled')
    expect(await waiter.ended).toEqual({ state: 'cancelled' })
    expect(await scene.workOff(await scene.seat())).toEqual(['m'])
    await scene.drainOutboxes()
    expect(await scene.workOff(await scene.seat())).toEqual([])
  },
}

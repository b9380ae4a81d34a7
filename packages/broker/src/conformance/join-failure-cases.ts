import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, job, retry, succeed } from './job-fixtures.js'
import { deliverUntilUnparked, member } from './join-cases.js'
import { registeredWaiter } from './registered-waiter.js'
import type { Scene } from './scene.js'
import { until, untilElapsed } from './until.js'

const UPSTREAM_FAILED = { state: 'failed', failure: { reason: 'upstream-failed' } }

/** A body with one member that is ended by `end`: the body must fail, and never run. */
async function memberEnds(scene: Scene, attrs: object, end: () => Promise<unknown>): Promise<void> {
  await scene.put([job('body', { waitsFor: 2 })])
  await scene.put([job('m', { joins: { lane: scene.lane(), id: 'body', index: 0 }, ...attrs })])
  const waiter = await registeredWaiter(scene, scene.ref('body'))
  await end()
  await deliverUntilUnparked(scene, scene.lane())
  expect(await waiter.ended).toMatchObject(UPSTREAM_FAILED)
  const view = await scene.view('body')
  expect([view.state, view.history.at(-1)?.reason]).toEqual(['failed', 'upstream-failed'])
  expect(await scene.workOff(await scene.seat())).toEqual([])
}

export const joinFailureCases: ConformanceTheme = {
  'join-member-fails': (scene) =>
    memberEnds(scene, {}, async () => {
      const seat = await scene.seat()
      await scene.settle(seat, fail(await scene.takeOne(seat)))
    }),

  'join-member-is-cancelled-while-it-waits': (scene) =>
    memberEnds(scene, {}, async () => expect(await scene.broker.control.cancel(scene.ref('m'))).toBe('cancelled')),

  'join-member-is-cancelled-while-it-runs': (scene) =>
    memberEnds(scene, {}, async () => {
      const seat = await scene.seat()
      const held = await scene.takeOne(seat)
      expect(await scene.broker.control.cancel(scene.ref('m'))).toBe('asked')
      await scene.settle(seat, retry(held))
    }),

  'join-member-expires': (scene) =>
    memberEnds(scene, { expiresMs: 50 }, async () => {
      await untilElapsed(performance.now(), 80)
      expect(await scene.workOff(await scene.seat())).toEqual([])
    }),

  'join-member-is-poison': (scene) =>
    memberEnds(scene, { maxCrashes: 1 }, async () => {
      await scene.takeOne(await scene.seat({ leaseMs: 200 }))
      await scene.reclaimUntilRunning(0)
    }),

  'join-member-is-purged': async (scene) => {
    const away = scene.lane(1)
    await scene.put([job('body', { waitsFor: 1 })])
    await scene.put([member(scene, 'm', 0)], away)
    while ((await scene.broker.control.purge(away)).more);
    await deliverUntilUnparked(scene, scene.lane(), [scene.lane(), away])
    expect((await scene.view('body')).state).toBe('failed')
  },

  'join-failure-cascades-over-lanes': async (scene) => {
    const [one, two] = [scene.lane(0), scene.lane(1)]
    await scene.put([job('last', { waitsFor: 1 })], one)
    await scene.put([job('middle', { waitsFor: 1, joins: { lane: one, id: 'last', index: 0 } })], two)
    await scene.put([job('first', { joins: { lane: two, id: 'middle', index: 0 } })], one)
    const waiter = await registeredWaiter(scene, scene.ref('last', one))
    const seat = await scene.seat({ lane: one })
    await scene.settle(seat, fail(await scene.takeOne(seat)))
    await until('the failure to arrive at the last', async () => {
      await scene.drainOutboxes(one, two)
      return (await scene.view('last', one)).state === 'failed'
    })
    expect((await scene.view('middle', two)).state).toBe('failed')
    expect(await waiter.ended).toMatchObject(UPSTREAM_FAILED)
  },

  'join-failure-after-others-succeeded-and-before': async (scene) => {
    for (const order of [
      ['good', 'bad', 'late'],
      ['bad', 'good', 'late'],
    ]) {
      const body = `body-${order[0]}`
      await scene.put([job(body, { waitsFor: 3 })])
      await scene.put(order.map((id, index) => member(scene, `${body}-${id}`, index, body)))
      const seat = await scene.seat()
      for (const id of order) {
        const held = await scene.takeOne(seat)
        await scene.settle(seat, id === 'bad' ? fail(held) : succeed(held, '1', 0))
        await scene.drainOutboxes()
      }
      await deliverUntilUnparked(scene, scene.lane())
      expect((await scene.view(body)).state).toBe('failed')
      expect((await scene.view(body)).history.length).toBe(1)
      expect(await scene.workOff(seat)).toEqual([])
    }
    expect((await scene.counts()).failed).toBe(4)
  },

  'join-failure-too-late-harms-no-body-that-has-all': async (scene) => {
    await scene.put([job('body', { waitsFor: 1 }), member(scene, 'in-time', 0), member(scene, 'late', 0)])
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), '1', 0))
    const late = await scene.takeOne(seat)
    await deliverUntilUnparked(scene, scene.lane())
    const body = await scene.takeOne(seat)
    await scene.settle(seat, fail(late))
    await scene.drainOutboxes()
    expect((await scene.view('body')).state).toBe('running')
    expect(await seat.inputs(body)).toEqual(['1'])
    await scene.settle(seat, succeed(body))
  },

  'join-to-nobody-is-dropped': async (scene) => {
    await scene.put([member(scene, 'm', 0, 'no-such-body'), member(scene, 'n', 0, 'nor-this', scene.lane(7))])
    const seat = await scene.seat()
    expect((await scene.workOff(seat)).sort()).toEqual(['m', 'n'])
    await until('the outbox to be empty', async () => {
      await scene.drainOutboxes()
      return (await scene.broker.dispatch.agenda(scene.lane(), await scene.epoch())).outbox === 0
    })
  },
}

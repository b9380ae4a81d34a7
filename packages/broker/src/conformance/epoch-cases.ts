import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { job, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'

const LEADER = { candidate: 'c1', host: 'h1', pid: 7 }
const STALE = { code: 'STALE_EPOCH' }

function calls(scene: Scene, epoch: number): Record<string, () => Promise<unknown>> {
  const { dispatch } = scene.broker
  const lane = scene.lane()
  return {
    promoteDue: () => dispatch.promoteDue(lane, epoch),
    reclaimExpired: () => dispatch.reclaimExpired(lane, epoch),
    drainOutbox: () => dispatch.drainOutbox(lane, epoch),
    trim: () => dispatch.trim(lane, epoch),
    agenda: () => dispatch.agenda(lane, epoch),
  }
}

export const epochCases: ConformanceTheme = {
  'epoch-mint-grows': async (scene) => {
    const { dispatch } = scene.broker
    let seen = await dispatch.readEpoch()
    expect(seen).toBe(0)
    for (let term = 0; term < 5; term++) {
      const epoch = await dispatch.mintEpoch(seen, LEADER)
      expect(Number.isSafeInteger(epoch)).toBe(true)
      expect(epoch).toBeGreaterThan(seen)
      expect(await dispatch.readEpoch()).toBe(epoch)
      seen = epoch
    }
    expect(seen).toBeGreaterThanOrEqual(Date.now() - 60_000)
  },

  'epoch-mint-with-a-stale-reading-is-refused': async (scene) => {
    const { dispatch } = scene.broker
    const other = await scene.another()
    const seen = await dispatch.readEpoch()
    const epoch = await dispatch.mintEpoch(seen, LEADER)
    await expect(other.dispatch.mintEpoch(seen, LEADER)).rejects.toMatchObject(STALE)
    expect(await other.dispatch.readEpoch()).toBe(epoch)
    const results = await Promise.allSettled([
      dispatch.mintEpoch(epoch, LEADER),
      other.dispatch.mintEpoch(epoch, LEADER),
    ])
    expect(results.filter((each) => each.status === 'fulfilled').length).toBe(1)
  },

  'epoch-smaller-than-seen-is-refused-by-every-call': async (scene) => {
    await scene.put([job('a', { delayMs: 1 })])
    const { dispatch } = scene.broker
    const old = await dispatch.mintEpoch(await dispatch.readEpoch(), LEADER)
    for (const [name, call] of Object.entries(calls(scene, old))) expect([name, await call()]).toBeDefined()
    const current = await dispatch.mintEpoch(old, LEADER)
    await dispatch.promoteDue(scene.lane(), current)
    await scene.put([job('b', { delayMs: 1 })])
    for (const call of Object.values(calls(scene, old))) await expect(call()).rejects.toMatchObject(STALE)
    for (const call of Object.values(calls(scene, current))) await call()
  },

  'epoch-larger-is-adopted-on-use-by-each-kind-of-call': async (scene) => {
    await scene.put(['a'])
    const { dispatch } = scene.broker
    let epoch = await dispatch.mintEpoch(await dispatch.readEpoch(), LEADER)
    for (const name of ['promoteDue', 'reclaimExpired', 'drainOutbox', 'trim']) {
      const next = await dispatch.mintEpoch(epoch, LEADER)
      await calls(scene, next)[name]?.()
      await expect(dispatch.promoteDue(scene.lane(), epoch)).rejects.toMatchObject(STALE)
      epoch = next
    }
  },

  'epoch-leader-is-shown': async (scene) => {
    const { dispatch, inspect } = scene.broker
    expect(await inspect.leader()).toBeUndefined()
    const first = await dispatch.mintEpoch(0, LEADER)
    expect(await inspect.leader()).toMatchObject({ ...LEADER, epoch: first, endedAt: undefined })
    const second = await dispatch.mintEpoch(first, { ...LEADER, candidate: 'c2' })
    await dispatch.endTerm(first)
    expect(await inspect.leader()).toMatchObject({ candidate: 'c2', epoch: second, endedAt: undefined })
    await dispatch.endTerm(second)
    const ended = await inspect.leader()
    expect(ended?.epoch).toBe(second)
    expect(ended?.endedAt).toBeGreaterThanOrEqual(ended?.since ?? Number.POSITIVE_INFINITY)
  },

  'epoch-agenda-tells-what-to-do-next': async (scene) => {
    await scene.put(['a', job('later', { delayMs: 90_000 }), job('sooner', { delayMs: 30_000 })])
    const epoch = await scene.epoch()
    const agenda = () => scene.broker.dispatch.agenda(scene.lane(), epoch)
    const first = await agenda()
    expect(Math.abs(first.now - Date.now())).toBeLessThan(60_000)
    expect(first.dueAt).toBe((await scene.view('sooner')).dueAt)
    expect(first.outbox).toBe(0)
    const seat = await scene.seat({ leaseMs: 5_000 })
    const a = await scene.takeOne(seat)
    const second = await agenda()
    expect(second.sweepAt).toBeGreaterThan(second.now)
    expect(second.sweepAt).toBeLessThanOrEqual(second.now + 5_500)
    await scene.settle(seat, succeed(a))
    for (const id of ['later', 'sooner']) await scene.broker.control.cancel(scene.ref(id))
    expect((await agenda()).dueAt).toBeUndefined()
  },

  'epoch-trim-is-harmless': async (scene) => {
    await scene.put(['a', job('n', { named: true }), job('d', { delayMs: 60_000 }), job('p', { waitsFor: 1 })])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const epoch = await scene.epoch()
    for (let step = 0; step < 5; step++) await scene.broker.dispatch.trim(scene.lane(), epoch)
    const counts = await scene.counts()
    expect([counts.ready, counts.due, counts.parked, counts.running]).toEqual([1, 1, 1, 1])
    await scene.settle(seat, succeed(a))
  },
}

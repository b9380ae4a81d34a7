import { parseSchedule, type ScheduleOptions } from '@millrace/core'
import { expect } from 'vitest'
import type { Broker } from '../ports/broker.js'
import {
  MAX_SCHEDULE_BACKLOG,
  type ScheduleDefinition,
  type ScheduleFiring,
  type SchedulePut,
  type SchedulesPort,
} from '../ports/schedules.js'
import type { ConformanceTheme } from './conformance-case.js'
import type { Scene } from './scene.js'

const STALE = { code: 'STALE_EPOCH' }
const PAST = 1_700_000_000_000

function portOf(broker: Broker): SchedulesPort {
  if (broker.schedules === undefined) throw new Error('the broker keeps no schedules')
  return broker.schedules
}

function definitionOf(scene: Scene, name: string, options: ScheduleOptions = { every: '1m' }): ScheduleDefinition {
  return { name, spec: parseSchedule(options), call: { task: 't', lane: scene.lane(), inputJson: '{"a":[]}' } }
}

function putOf(definition: ScheduleDefinition, more: Partial<SchedulePut> = {}): SchedulePut {
  return { definition, seen: undefined, nextTick: PAST, watermark: PAST - 1, paused: false, ...more }
}

/** Stores a schedule whose tick at `PAST` is due. */
async function due(scene: Scene, name: string, options?: ScheduleOptions): Promise<ScheduleFiring> {
  const schedules = portOf(scene.broker)
  expect(await schedules.put([putOf(definitionOf(scene, name, options))])).toEqual([true])
  const found = (await schedules.agenda(await scene.epoch(), 0)).due.find((each) => each.name === name)
  if (found === undefined) throw new Error(`${name} is not due`)
  expect(found).toMatchObject({ tick: PAST, fired: 0 })
  return {
    name,
    revision: found.revision,
    tick: PAST,
    ticks: [PAST],
    lane: scene.lane(),
    overlap: 'allow',
    watermark: PAST,
    nextTick: PAST + 60_000,
  }
}

export const scheduleCases: ConformanceTheme = {
  'schedule-is-kept-as-it-was-put': async (scene) => {
    const schedules = portOf(scene.broker)
    const definition = { ...definitionOf(scene, 'a:b', { cron: '0 3 * * *', timezone: 'Europe/Paris' }), owner: 'app' }
    expect(await schedules.put([putOf(definition)])).toEqual([true])
    const { now, schedules: found } = await portOf(await scene.another()).read(['a:b', 'nobody'])
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000)
    expect(found[1]).toBeUndefined()
    expect(found[0]).toMatchObject({ ...definition, nextTick: PAST, watermark: PAST - 1, fired: 0, skipped: 0 })
    expect(found[0]).toMatchObject({ paused: false, lastTick: undefined, backlog: 0 })
    expect((await schedules.agenda(await scene.epoch(), 0)).due.length).toBe(1)
    expect(await schedules.remove(['a:b', 'nobody'])).toBe(1)
    expect((await schedules.read(['a:b'])).schedules).toEqual([undefined])
    expect((await schedules.agenda(await scene.epoch(), 0)).due).toEqual([])
  },

  'schedule-put-compares-the-revision': async (scene) => {
    const schedules = portOf(scene.broker)
    const definition = definitionOf(scene, 'a')
    expect(await schedules.put([putOf(definition, { seen: 'other' }), putOf(definition)])).toEqual([false, true])
    expect(await schedules.put([putOf(definition)])).toEqual([false])
    const [first] = (await schedules.read(['a'])).schedules
    const again = putOf(definition, { seen: first?.revision, nextTick: undefined, paused: true })
    expect(await schedules.put([again])).toEqual([true])
    expect(await schedules.put([again])).toEqual([false])
    const [second] = (await schedules.read(['a'])).schedules
    expect(second?.revision).not.toBe(first?.revision)
    expect(second).toMatchObject({ paused: true, nextTick: undefined, createdAt: first?.createdAt })
  },

  'schedule-list-pages-by-name': async (scene) => {
    const schedules = portOf(scene.broker)
    const names = Array.from({ length: 25 }, (_, index) => `s-${String(index).padStart(2, '0')}`)
    await schedules.put(names.toReversed().map((name) => putOf(definitionOf(scene, name))))
    const seen: string[] = []
    for (let cursor: string | undefined, page = 0; page < 4; page++) {
      const found = await schedules.list({ limit: 10, ...(cursor !== undefined && { cursor }) })
      seen.push(...found.schedules.map((each) => each.name))
      cursor = found.cursor
      if (cursor === undefined) break
    }
    expect(seen).toEqual(names)
  },

  'schedule-agenda-tells-what-is-due-and-when-to-look-again': async (scene) => {
    const schedules = portOf(scene.broker)
    const later = Date.now() + 3_600_000
    const at = (name: string, nextTick: number | undefined) => putOf(definitionOf(scene, name), { nextTick })
    await schedules.put([at('later', later), at('b', PAST + 1), at('a', PAST), at('never', undefined)])
    const agenda = await schedules.agenda(await scene.epoch(), 0)
    expect(agenda.due.map((each) => [each.name, each.tick])).toEqual([
      ['a', PAST],
      ['b', PAST + 1],
    ])
    expect([agenda.dueAt, agenda.deliverAt]).toEqual([later, undefined])
    const many = Array.from({ length: 600 }, (_, index) => at(`m${index}`, PAST + 1_000 + index))
    await schedules.put(many.slice(0, 300))
    await schedules.put(many.slice(300))
    const full = await schedules.agenda(await scene.epoch(), 0)
    expect(full.due.length).toBe(500)
    expect(full.dueAt).toBe(PAST + 1_000 + 498)
    expect(full.crowded).toBe(false)
  },

  'schedule-agenda-looks-ahead': async (scene) => {
    const schedules = portOf(scene.broker)
    const soon = Date.now() + 600_000
    const crowd = Array.from({ length: 502 }, (_, index) =>
      putOf(definitionOf(scene, `c${index}`), { nextTick: soon + index }),
    )
    await schedules.put(crowd.slice(0, 499))
    const few = await schedules.agenda(await scene.epoch(), 0)
    expect([few.due, few.dueAt, few.crowded]).toEqual([[], soon, false])
    await schedules.put(crowd.slice(499))
    const many = await schedules.agenda(await scene.epoch(), 0)
    expect([many.due, many.dueAt, many.crowded]).toEqual([[], soon, true])
    const ahead = await schedules.agenda(await scene.epoch(), 1_200_000)
    expect([ahead.due.length, ahead.due[0]?.tick]).toEqual([500, soon])
    expect([ahead.dueAt, ahead.crowded]).toEqual([soon + 500, false])
    await schedules.put([putOf(definitionOf(scene, 'far'), { nextTick: soon + 3_600_000 })])
    expect((await schedules.agenda(await scene.epoch(), 0)).crowded).toBe(true)
  },

  'schedule-fires-a-tick-once': async (scene) => {
    const schedules = portOf(scene.broker)
    const other = portOf(await scene.another())
    const firing = await due(scene, 'a')
    const epoch = await scene.epoch()
    const answers = await Promise.all([schedules.fire(epoch, [firing]), other.fire(epoch, [firing])])
    expect(answers.flat().sort()).toEqual([false, true])
    const [stored] = (await schedules.read(['a'])).schedules
    expect(stored).toMatchObject({ nextTick: PAST + 60_000, watermark: PAST, fired: 1, lastTick: PAST, backlog: 1 })
    expect(await schedules.deliveries(epoch)).toEqual([
      { name: 'a', revision: firing.revision, ticks: [{ tick: PAST, lane: scene.lane() }] },
    ])
  },

  'schedule-changed-meanwhile-does-not-fire': async (scene) => {
    const schedules = portOf(scene.broker)
    const firing = await due(scene, 'a')
    await schedules.put([putOf(definitionOf(scene, 'a', { every: '2m' }), { seen: firing.revision })])
    const removed = await due(scene, 'b')
    await schedules.remove(['b'])
    expect(await schedules.fire(await scene.epoch(), [firing, removed])).toEqual([false, false])
    expect(await schedules.deliveries(await scene.epoch())).toEqual([])
  },

  'schedule-writes-of-an-older-term-are-refused': async (scene) => {
    const schedules = portOf(scene.broker)
    const firing = await due(scene, 'a')
    const old = await scene.epoch()
    const { dispatch } = scene.broker
    const epoch = await dispatch.mintEpoch(old, { candidate: 'c2', host: 'h', pid: 1 })
    await expect(schedules.fire(old, [firing])).rejects.toMatchObject(STALE)
    await expect(schedules.agenda(old, 0)).rejects.toMatchObject(STALE)
    await expect(schedules.deliveries(old)).rejects.toMatchObject(STALE)
    await expect(schedules.delivered(old, [])).rejects.toMatchObject(STALE)
    expect(await schedules.fire(epoch, [firing])).toEqual([true])
  },

  'schedule-deliveries-wait-until-they-are-acknowledged': async (scene) => {
    const schedules = portOf(scene.broker)
    const epoch = await scene.epoch()
    const ticks = Array.from({ length: 30 }, (_, index) => PAST + index)
    await schedules.fire(epoch, [{ ...(await due(scene, 'a')), ticks }])
    const first = await schedules.deliveries(epoch)
    expect(first[0]?.ticks.map((each) => each.tick)).toEqual(ticks.slice(0, 20))
    expect(await schedules.deliveries(epoch)).toEqual(first)
    const done = { name: 'a', first: PAST, done: 20, skipped: 2, retryMs: 0 }
    await schedules.delivered(epoch, [done])
    await schedules.delivered(epoch, [done])
    const [rest] = await schedules.deliveries(epoch)
    expect(rest?.ticks.map((each) => each.tick)).toEqual(ticks.slice(20))
    await schedules.delivered(epoch, [{ name: 'a', first: PAST + 20, done: 0, skipped: 0, retryMs: 60_000 }])
    expect(await schedules.deliveries(epoch)).toEqual([])
    const { now, deliverAt } = await schedules.agenda(epoch, 0)
    expect((deliverAt ?? 0) - now).toBeGreaterThan(50_000)
    expect((await schedules.read(['a'])).schedules[0]).toMatchObject({ backlog: 10, skipped: 2, fired: 30 })
  },

  'schedule-queued-ticks-come-one-at-a-time': async (scene) => {
    const schedules = portOf(scene.broker)
    const epoch = await scene.epoch()
    await schedules.fire(epoch, [{ ...(await due(scene, 'a')), overlap: 'queue', ticks: [PAST, PAST + 1] }])
    const [one] = await schedules.deliveries(epoch)
    expect(one?.ticks).toEqual([{ tick: PAST, lane: scene.lane() }])
    await schedules.delivered(epoch, [{ name: 'a', first: PAST, done: 1, skipped: 0, retryMs: 0 }])
    const [two] = await schedules.deliveries(epoch)
    expect(two?.ticks).toEqual([{ tick: PAST + 1, lane: scene.lane() }])
  },

  'schedule-ticks-of-several-firings-come-in-order': async (scene) => {
    const schedules = portOf(scene.broker)
    const epoch = await scene.epoch()
    const firing = await due(scene, 'a')
    expect(await schedules.fire(epoch, [firing, firing])).toEqual([true, false])
    const later = (tick: number, ticks: readonly number[]) =>
      schedules.fire(epoch, [{ ...firing, tick, ticks, nextTick: tick + 60_000 }])
    await later(PAST + 60_000, [PAST + 60_000])
    await later(PAST + 120_000, [PAST + 90_000, PAST + 120_000])
    const backlog = async () => (await schedules.read(['a'])).schedules[0]?.backlog
    expect(await backlog()).toBe(4)
    const brought: number[] = []
    for (let left = 4; left > 0; left = (await backlog()) ?? 0) {
      const [delivery] = await schedules.deliveries(epoch)
      const ticks = delivery?.ticks.map(({ tick }) => tick) ?? []
      brought.push(...ticks)
      const [first = 0] = ticks
      await schedules.delivered(epoch, [{ name: 'a', first, done: ticks.length, skipped: 0, retryMs: 0 }])
    }
    expect(brought).toEqual([PAST, PAST + 60_000, PAST + 90_000, PAST + 120_000])
    expect(await schedules.deliveries(epoch)).toEqual([])
    await later(PAST + 180_000, [PAST + 180_000])
    expect(await schedules.remove(['a'])).toBe(1)
    expect(await schedules.put([putOf(definitionOf(scene, 'a'))])).toEqual([true])
    expect(await backlog()).toBe(0)
    expect(await schedules.deliveries(epoch)).toEqual([])
  },

  'schedule-backlog-is-bounded': async (scene) => {
    const schedules = portOf(scene.broker)
    const epoch = await scene.epoch()
    const ticks = Array.from({ length: MAX_SCHEDULE_BACKLOG + 5 }, (_, index) => PAST + index)
    await schedules.fire(epoch, [{ ...(await due(scene, 'a')), ticks }])
    expect((await schedules.read(['a'])).schedules[0]).toMatchObject({ backlog: MAX_SCHEDULE_BACKLOG, skipped: 5 })
  },

  'schedule-earlier-than-planned-rings-the-alarm': async (scene) => {
    const schedules = portOf(scene.broker)
    await schedules.put([putOf(definitionOf(scene, 'far'), { nextTick: Date.now() + 3_600_000 })])
    // The alarm of the first put.
    await scene.broker.dispatch.waitForAlarm([], AbortSignal.timeout(2_000))
    const from = performance.now()
    const alarm = scene.broker.dispatch.waitForAlarm([], new AbortController().signal)
    await schedules.put([putOf(definitionOf(scene, 'near'), { nextTick: Date.now() + 60_000 })])
    await alarm
    expect(performance.now() - from).toBeLessThan(3_500)
  },

  'schedule-deployment-that-was-superseded-stays-so': async (scene) => {
    const [here, there] = [portOf(scene.broker), portOf(await scene.another())]
    expect(await here.claim('app', 'v1')).toBe('new')
    expect(await there.claim('app', 'v1')).toBe('current')
    expect(await here.claim('app', 'v2')).toBe('new')
    expect(await there.claim('app', 'v1')).toBe('superseded')
    expect(await there.claim('app', 'v2')).toBe('current')
    expect(await there.claim('other', 'v1')).toBe('new')
    expect(await here.claim('app', 'v2')).toBe('current')
  },

  'terms-that-are-over-are-remembered': async (scene) => {
    const { dispatch, inspect } = scene.broker
    expect(await inspect.pastTerms?.()).toEqual([])
    const leader = (candidate: string) => ({ candidate, host: 'h', pid: 1 })
    const first = await dispatch.mintEpoch(0, leader('one'))
    await dispatch.endTerm(first)
    const second = await dispatch.mintEpoch(first, leader('two'))
    await dispatch.mintEpoch(second, leader('three'))
    const past = await inspect.pastTerms?.()
    expect(past).toMatchObject([
      { candidate: 'two', epoch: second, endedAt: undefined },
      { candidate: 'one', epoch: first, host: 'h', pid: 1 },
    ])
    expect(past?.[1]?.endedAt).toBeGreaterThanOrEqual(past?.[1]?.since ?? Number.POSITIVE_INFINITY)
  },
}

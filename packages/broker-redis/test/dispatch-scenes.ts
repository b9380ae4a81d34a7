import { advanceClock } from './instrumented-scripts.js'
import type { ScriptScene, Stage } from './scene-stage.js'
import {
  crash,
  ENDED_AHEAD,
  EPOCH,
  endAhead,
  expire,
  fails,
  HERE,
  hearEnds,
  job,
  joins,
  put,
  STALE,
  settle,
  sit,
  succeeds,
  THERE,
  TWICE,
  take,
} from './scene-stage.js'

/** What the dispatcher calls. */
export const DISPATCH_SCENES: readonly ScriptScene[] = [
  {
    script: 'reclaim-expired',
    what: 'a dead worker',
    prepare: async (stage) => {
      await put(stage, ['a'])
      await crash(stage, 1)
      await put(stage, [
        'b',
        job('once', { atMostOnce: true }),
        job('tender', { maxCrashes: 1, named: true }),
        'asked',
        job('two', { maxCrashes: 2 }),
      ])
      const seat = await sit(stage, 1_000)
      for (const each of await take(seat)) if (each.crashes > 0) await seat.begin(each)
      await stage.broker.control.cancel({ lane: HERE, id: 'asked' })
      await expire(stage)
      return async () => {
        while ((await stage.broker.dispatch.reclaimExpired(HERE, EPOCH)).more) {}
      }
    },
    half: new RegExp(`${STALE.source}|${TWICE.source}|(suspect|alone) of|lease of \\S+ without a seat`),
  },
  {
    script: 'reclaim-expired',
    what: 'a dead worker that ended a job ahead of its exchange',
    prepare: async (stage) => {
      await hearEnds(stage)
      await endAhead(stage, await sit(stage, 1_000))
      await expire(stage)
      return async () => {
        while ((await stage.broker.dispatch.reclaimExpired(HERE, EPOCH)).more) {}
      }
    },
    half: ENDED_AHEAD,
  },
  {
    script: 'promote-due',
    what: 'due jobs',
    prepare: async (stage) => {
      await put(stage, [job('a', { delayMs: 5 }), job('b', { delayMs: 5, priority: 1 }), job('c', { delayMs: 6 })])
      await advanceClock(stage.raw, 50)
      return () => stage.broker.dispatch.promoteDue(HERE, EPOCH)
    },
  },
  {
    script: 'promote-due',
    what: 'ordinary due jobs',
    prepare: async (stage) => {
      await put(stage, [job('a', { delayMs: 5 }), job('b', { delayMs: 5 })])
      await advanceClock(stage.raw, 50)
      return () => stage.broker.dispatch.promoteDue(HERE, EPOCH)
    },
  },
  {
    script: 'trim',
    what: 'all that is old',
    prepare: async (stage) => {
      await put(stage, [job('parked', { waitsFor: 2 }), job('bad', { named: true }), job('m', joins(HERE, 'parked'))])
      const seat = await sit(stage)
      await seat.exchange({
        settlements: settle(await take(seat), (id) => (id === 'bad' ? fails : succeeds('1'))),
        want: 0,
        empty: false,
      })
      await advanceClock(stage.raw, 9 * 86_400_000)
      return () => stage.broker.dispatch.trim(HERE, EPOCH)
    },
    half: STALE,
  },
  ...(['read-outbox', 'deliver', 'ack-outbox'] as const).map(
    (script): ScriptScene => ({
      script,
      what: 'follow-ups of another lane',
      prepare: async (stage) => {
        await put(stage, [job('good', { waitsFor: 1 }), job('bad', { waitsFor: 2, named: true })], THERE)
        await put(stage, [
          job('g', joins(THERE, 'good')),
          job('b1', joins(THERE, 'bad')),
          job('b2', joins(THERE, 'bad', 1)),
        ])
        const seat = await sit(stage)
        await seat.exchange({
          settlements: settle(await take(seat), (id) => (id === 'b2' ? fails : succeeds('1'))),
          want: 0,
          empty: false,
        })
        return () => stage.broker.dispatch.drainOutbox(HERE, EPOCH)
      },
      half: TWICE,
    }),
  ),
  {
    script: 'agenda',
    what: 'a lane with a lease',
    prepare: async (stage) => (await sit(stage), () => stage.broker.dispatch.agenda(HERE, EPOCH)),
  },
  {
    script: 'roll-up',
    what: 'minutes that ran, and jobs that wait',
    prepare: async (stage) => {
      await toHalfPast(stage)
      await put(stage, ['a', job('b', { delayMs: 3_600_000 })])
      const minute = await minuteOf(stage)
      for (const [back, count] of RAN)
        await stage.raw.hset(`millrace:{scene/scene/0}:stats:${minute - back}`, { 's:t': count, 'b:t': 10 * count })
      return () => stage.broker.dispatch.trim(HERE, EPOCH)
    },
    missing: async (stage) => {
      const minute = await minuteOf(stage)
      await stage.raw.del(...RAN.map(([back]) => `millrace:{scene/scene/0}:stats:${minute - back}`))
      const read = async (unit: 'minute' | 'hour') => {
        const range = { unit, from: (minute - 120) * 60_000, to: (minute + 60) * 60_000 }
        const { points } = await stage.broker.inspect.series(HERE, range)
        return {
          points,
          sum: points.flatMap(({ tasks }) => tasks).reduce((total, { succeeded }) => total + succeeded, 0),
        }
      }
      const [minutes, hours] = [await read('minute'), await read('hour')]
      const all = RAN.reduce((total, [, count]) => total + count, 0)
      return [
        ...(minutes.sum === all ? [] : [`minutes count ${minutes.sum} of ${all} attempts`]),
        // At worst the minute in which the script failed counts twice in its hour.
        ...(hours.sum >= all && hours.sum <= all + MOST ? [] : [`hours count ${hours.sum} of ${all} attempts`]),
        ...(minutes.points.at(-1)?.backlog === 2 ? [] : ['nobody noted what waits']),
      ]
    },
  },
]

/** How many succeeded how many minutes ago. */
const RAN: readonly (readonly [back: number, count: number])[] = [
  [40, 5],
  [3, 7],
  [1, 11],
]
const MOST = 11
/** The minute that the scripts are in; a play must not see it end. */
const minuteOf = async ({ raw }: Stage) => {
  const ms = Number((await raw.time())[0]) * 1_000 + Number((await raw.get('test:clock-offset')) ?? 0)
  return Math.floor(ms / 60_000)
}
/** Sets the scripts' clock to the middle of a minute. */
const toHalfPast = async ({ raw }: Stage) => {
  const second = Number((await raw.time())[0]) % 60
  await advanceClock(raw, (30 - second) * 1_000)
}

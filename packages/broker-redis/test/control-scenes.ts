import { parseDuration } from '@millrace/core'
import type { ScriptScene } from './scene-stage.js'
import { crash, fails, HERE, job, joins, MIXED, put, STALE, settle, sit, succeeds, TWICE, take } from './scene-stage.js'

const ALARM = 'millrace:{scene/scene/0}:alarm'

/** What people call. */
export const CONTROL_SCENES: readonly ScriptScene[] = [
  {
    script: 'promote',
    what: 'one job',
    prepare: async (stage) => (
      await put(stage, [job('a', { delayMs: 5_000 })]), () => stage.broker.control.promote({ lane: HERE, id: 'a' })
    ),
  },
  ...(['1s', '2h'] as const).map(
    (delay): ScriptScene => ({
      script: 'postpone',
      what: `a delayed job, to ${delay} from now`,
      prepare: async (stage) => {
        await put(stage, [job('a', { delayMs: 3_600_000 })])
        await stage.raw.del(ALARM)
        return () => stage.broker.control.postpone({ lane: HERE, id: 'a' }, parseDuration(delay, 'delay'))
      },
      missing: async ({ broker, raw }) => {
        const { dueAt = 0 } = await broker.inspect.job({ lane: HERE, id: 'a' })
        const late = Math.abs(dueAt - Date.now() - parseDuration(delay, 'delay')) > 60_000
        const alarm = delay === '1s' && (await raw.exists(ALARM)) === 0
        return [...(late ? ['the job waits for another time'] : []), ...(alarm ? ['nobody wakes the dispatcher'] : [])]
      },
    }),
  ),
  ...(['a', 'late', 'urgent', 'low', 'body', 'unique', 'named'] as const).map(
    (id): ScriptScene => ({
      script: 'cancel',
      what: `job ${id}`,
      prepare: async (stage) => (
        await put(stage, ['a', ...MIXED]), () => stage.broker.control.cancel({ lane: HERE, id })
      ),
      half: STALE,
      left: /without a message in/,
    }),
  ),
  {
    script: 'cancel',
    what: 'a suspect',
    prepare: async (stage) => (
      await put(stage, ['a']), await crash(stage), () => stage.broker.control.cancel({ lane: HERE, id: 'a' })
    ),
    half: STALE,
    left: /without a message in/,
  },
  {
    script: 'purge',
    what: 'everything that waits',
    prepare: async (stage) => {
      await put(stage, ['a'])
      await crash(stage)
      await put(stage, ['x', 'y', ...MIXED])
      await stage.broker.control.cancel({ lane: HERE, id: 'x' })
      return () => stage.broker.control.purge(HERE)
    },
    half: STALE,
  },
  ...([{}, { expiresMs: 60_000, priority: 1 }, { expiresMs: 60_000 }] as const).map(
    (attrs): ScriptScene => ({
      script: 'retry-failed',
      what: `a failed job with ${JSON.stringify(attrs)}`,
      prepare: async (stage) => {
        await put(stage, [job('a', attrs)])
        const seat = await sit(stage)
        await seat.exchange({ settlements: settle(await take(seat), () => fails), want: 0, empty: false })
        return () => stage.broker.control.retry({ lane: HERE, id: 'a' })
      },
      half: TWICE,
    }),
  ),
  {
    script: 'discard',
    what: 'a failed job',
    prepare: async (stage) => {
      await put(stage, [job('a', { named: true, waitsFor: 1 }), job('m', joins(HERE, 'a'))])
      const seat = await sit(stage)
      for (const id of ['m', 'a'])
        await seat.exchange({
          settlements: settle(await take(seat), () => (id === 'm' ? succeeds('1') : fails)),
          want: 0,
          empty: false,
        })
      return () => stage.broker.control.discard({ lane: HERE, id: 'a' })
    },
    half: STALE,
  },
  {
    script: 'pause',
    what: 'resuming',
    prepare: async (stage) => (
      await put(stage, ['a']), await stage.broker.control.pause(HERE), () => stage.broker.control.resume(HERE)
    ),
  },
  {
    script: 'repair-defects',
    what: 'one defect of each kind',
    prepare: async (stage) => {
      await put(stage, ['a', 'b'])
      await sit(stage)
      await stage.broker.control.pause(HERE)
      const at = (key: string) => `millrace:{scene/scene/0}:${key}`
      await stage.raw
        .pipeline()
        .lrem(at('ready'), 1, 'a')
        .rpush(at('ready'), 'gone')
        .zadd(at('due'), 5, 'gone')
        .hset(at('crashes'), 'gone', 1)
        .sadd(at('tombs'), 'gone')
        .set(at('unique:t/k'), 'gone')
        .hset(at('join:gone'), '0', '1')
        .del(at('workers'))
        .exec()
      return async () => {
        const { defects = [] } = (await stage.broker.fsck?.check(HERE)) ?? {}
        return stage.broker.fsck?.repair(HERE, defects)
      }
    },
    half: /is in no place|without a message|has ended|of an ended job|neither workers nor dying|without an entry/,
  },
]

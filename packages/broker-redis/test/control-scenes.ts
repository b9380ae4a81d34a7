import type { ScriptScene } from './scene-stage.js'
import { crash, fails, HERE, job, joins, MIXED, put, STALE, settle, sit, succeeds, TWICE, take } from './scene-stage.js'

/** What people call. */
export const CONTROL_SCENES: readonly ScriptScene[] = [
  {
    script: 'promote',
    what: 'one job',
    prepare: async (stage) => (
      await put(stage, [job('a', { delayMs: 5_000 })]), () => stage.broker.control.promote({ lane: HERE, id: 'a' })
    ),
  },
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

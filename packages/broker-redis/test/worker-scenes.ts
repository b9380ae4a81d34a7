import type { Reservation } from '@millrace/broker'
import type { Verdict } from '@millrace/core'
import { advanceClock, hasFired } from './instrumented-scripts.js'
import type { ScriptScene } from './scene-stage.js'
import {
  awaited,
  crash,
  ENDED_AHEAD,
  endAhead,
  fails,
  failure,
  HERE,
  handOver,
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

/** What workers call. */
export const WORKER_SCENES: readonly ScriptScene[] = [
  {
    script: 'end-ahead',
    what: 'a job that was handed over at the door',
    prepare: async (stage) => {
      await hearEnds(stage)
      const seat = await sit(stage)
      const handed = await handOver(stage, seat, awaited('a'))
      const settlements = settle(handed, () => succeeds('1'))
      // The exchange that must follow does what was missed, and counts it; the failure of the call itself nobody is told.
      return async () => {
        for (const settlement of settlements) void seat.ahead?.(settlement)
        await seat.exchange({ settlements, want: 1, empty: false })
        if (await hasFired(stage.raw)) throw new Error('INJECTED, and swallowed')
      }
    },
    half: STALE,
  },
  {
    script: 'exchange',
    what: 'settling a job that was ended ahead',
    prepare: async (stage) => {
      await hearEnds(stage)
      const seat = await sit(stage)
      const settlements = settle(await handOver(stage, seat, awaited('a')), () => succeeds('1'))
      for (const settlement of settlements) void seat.ahead?.(settlement)
      return () => seat.exchange({ settlements, want: 1, empty: false })
    },
    half: /holds nothing/,
  },
  {
    script: 'join',
    what: 'a first seat',
    prepare: async (stage) => () => sit(stage),
    half: /lease of \S+ without a seat/,
    left: /lease of \S+ without a seat/,
  },
  {
    script: 'exchange',
    what: 'taking ordinary jobs',
    prepare: async (stage) => {
      await put(stage, ['a', 'b', 'c'])
      const seat = await sit(stage)
      return () => seat.exchange({ settlements: [], want: 2, empty: true })
    },
  },
  {
    script: 'exchange',
    what: 'settling a whole exchange and taking the next',
    prepare: async (stage) => {
      await put(stage, ['a', 'b', 'c', 'd'])
      const seat = await sit(stage)
      const settlements = settle(await take(seat, 2), () => succeeds())
      const tally = [{ task: 't', succeeded: 2, retried: 0, failed: 0, busyMs: 5 }]
      return () => seat.exchange({ settlements, want: 5, empty: true, tally })
    },
    half: STALE,
  },
  {
    script: 'exchange',
    what: 'settling one job that a client waits for',
    prepare: async (stage) => {
      await put(stage, ['a', 'b', 'c'])
      const seat = await sit(stage)
      const settlements = settle(await take(seat, 1), () => ({ kind: 'succeed', outputJson: '1', keepMs: 60_000 }))
      await stage.raw.hset('millrace:{scene/scene/0}:waiters', 'a', ' client ')
      const tally = [{ task: 't', succeeded: 1, retried: 0, failed: 0, busyMs: 5 }]
      return () => seat.exchange({ settlements, want: 1, empty: true, tally })
    },
    half: STALE,
  },
  {
    script: 'exchange',
    what: 'all verdicts at once',
    prepare: async (stage) => {
      await put(stage, [job('far', { waitsFor: 1 })], THERE)
      await put(stage, [
        job('near', { waitsFor: 1 }),
        'plain',
        job('out', joins(HERE, 'near')),
        job('away', joins(THERE, 'far')),
        'again',
        'later',
        'bad',
        'back',
        'asked',
        'off',
        job('key', { unique: { key: 'k', until: 'done' }, named: true }),
        'kept',
      ])
      const seat = await sit(stage)
      const held = await take(seat)
      await stage.broker.control.cancel({ lane: HERE, id: 'asked' })
      const verdicts: Record<string, Verdict> = {
        out: succeeds('1'),
        away: succeeds('2'),
        again: { kind: 'retry', failure, delayMs: 0 },
        later: { kind: 'retry', failure, delayMs: 9_000 },
        bad: fails,
        back: { kind: 'release', delayMs: 0 },
        asked: { kind: 'retry', failure, delayMs: 0 },
        off: { kind: 'cancel' },
        key: succeeds(),
      }
      const settlements = settle(
        held.filter(({ id }) => id !== 'kept'),
        (id) => verdicts[id] ?? succeeds(),
      )
      return () => seat.exchange({ settlements, want: 0, empty: false })
    },
    half: new RegExp(`${STALE.source}|${TWICE.source}`),
  },
  {
    script: 'exchange',
    what: 'taking from everywhere, past tombstones and expired jobs',
    prepare: async (stage) => {
      await put(stage, [
        'crashed',
        'x',
        'y',
        job('gone', { expiresMs: 1 }),
        job('up', { priority: 2 }),
        job('down', { priority: -2 }),
        'last',
        job('started', { unique: { key: 'k', until: 'started' } }),
      ])
      await stage.broker.control.pause(HERE)
      const meta = 'millrace:{scene/scene/0}:'
      await stage.raw
        .multi()
        .lrem(`${meta}ready`, 1, 'crashed')
        .rpush(`${meta}suspects`, 'crashed')
        .hset(`${meta}crashes`, 'crashed', 1)
        .exec()
      for (const id of ['x', 'y']) await stage.broker.control.cancel({ lane: HERE, id })
      await stage.broker.control.resume(HERE)
      await advanceClock(stage.raw, 10)
      const seat = await sit(stage)
      return () => seat.exchange({ settlements: [], want: 20, empty: true })
    },
    half: STALE,
  },
  {
    script: 'exchange',
    what: 'taking a job that must run alone',
    prepare: async (stage) => {
      await put(stage, ['a'])
      await crash(stage, 2)
      await put(stage, ['b'])
      const seat = await sit(stage)
      await advanceClock(stage.raw, 60_000)
      return () => seat.exchange({ settlements: [], want: 5, empty: true })
    },
  },
  {
    script: 'exchange',
    what: 'settling a job that runs alone, and going on',
    prepare: async (stage) => {
      await put(stage, ['a'])
      await crash(stage, 2)
      await put(stage, ['b'])
      const seat = await sit(stage)
      await advanceClock(stage.raw, 60_000)
      const settlements = settle(await take(seat), () => fails)
      return () => seat.exchange({ settlements, want: 5, empty: true })
    },
    half: TWICE,
  },
  {
    script: 'report',
    what: 'of two jobs, one of which said something before',
    prepare: async (stage) => {
      await put(stage, ['a', 'b'])
      const seat = await sit(stage)
      const held = await take(seat, 2)
      const said = (from: number) =>
        held.map((reservation) => {
          const lines = [{ at: 1, level: 'info', attempt: 1, text: `line ${from}` }]
          return { reservation, update: { since: 1, from, lines, progressJson: '1' } }
        })
      await seat.report(said(0).slice(0, 1))
      return () => seat.report(said(1))
    },
  },
  {
    script: 'begin',
    what: 'a suspect',
    prepare: async (stage) => {
      await put(stage, ['a'])
      await crash(stage)
      const seat = await sit(stage)
      const [held] = await take(seat)
      return () => seat.begin(held as Reservation)
    },
  },
  {
    script: 'put-back',
    what: 'what a worker does not know',
    prepare: async (stage) => {
      await put(stage, ['a', 'b', 'c', job('p', { priority: 1 })])
      const seat = await sit(stage)
      await take(seat, 2)
      await take(seat, 2)
      await stage.broker.control.cancel({ lane: HERE, id: 'a' })
      return () => seat.reconcile([])
    },
    half: STALE,
  },
  {
    script: 'put-back',
    what: 'what a leaving worker holds',
    prepare: async (stage) => {
      await put(stage, ['a', job('once', { atMostOnce: true }), 'c'])
      const seat = await sit(stage)
      await take(seat)
      return () => seat.leave()
    },
    half: new RegExp(`${TWICE.source}|lease of \\S+ without a seat`),
  },
  {
    script: 'put-back',
    what: 'what a leaving worker ended ahead of its exchange',
    prepare: async (stage) => {
      await hearEnds(stage)
      const seat = await sit(stage)
      await endAhead(stage, seat)
      return () => seat.leave()
    },
    half: ENDED_AHEAD,
  },
  {
    script: 'heartbeat',
    what: 'a busy seat',
    prepare: async (stage) => {
      await put(stage, ['a'])
      const seat = await sit(stage)
      await take(seat)
      return () => seat.heartbeat()
    },
  },
]

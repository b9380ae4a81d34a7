import type { Broker, JobAttrs, Lane, NewJob, Reservation, Seat, Settlement } from '@millrace/broker'
import type { Verdict } from '@millrace/core'
import type { Redis } from 'ioredis'
import { advanceClock } from './instrumented-scripts.js'

export const HERE: Lane = { queue: 'scene', index: 0 }
export const THERE: Lane = { queue: 'scene', index: 1 }
const EPOCH = 7

export interface Stage {
  readonly broker: Broker
  readonly raw: Redis
}

/** A representative state of a lane, and the one call in which a script is made to fail. */
export interface ScriptScene {
  readonly script: string
  readonly what: string
  /** Brings the state about; returns the call. */
  prepare(stage: Stage): Promise<() => Promise<unknown>>
  /** Findings of the audit that may be met between the failure and the repeat: the worst half-state. Default: none. */
  readonly half?: RegExp
  /** What may be left even after the repeat, harmless, until it comes up or the sweep finds it. Default: none. */
  readonly left?: RegExp
}

export const job = (id: string, attrs?: JobAttrs): NewJob =>
  attrs === undefined ? { id, message: `[1,"t","${id}",1]` } : { id, message: `[1,"t","${id}",1]`, attrs }
const failure = { name: 'Error', message: 'boom', reason: 'error', attempt: 1, at: 1 } as const
const fails: Verdict = { kind: 'fail', failure, keepMs: 1_000 }
const succeeds = (outputJson?: string): Verdict => ({ kind: 'succeed', outputJson, keepMs: 0 })
const joins = (lane: Lane, id: string, index = 0) => ({ joins: { lane, id, index } })
const settle = (held: readonly Reservation[], verdict: (id: string) => Verdict): Settlement[] =>
  held.map((reservation) => ({ reservation, verdict: verdict(reservation.id) }))

const sit = ({ broker }: Stage, leaseMs = 60_000) => broker.consumer.join(HERE, { id: 'w', leaseMs })
/** Resolves once the next lone job will be handed to this seat. */
async function atDoor(seat: Seat): Promise<void> {
  seat.receive?.(() => {})
  for (;;) if ((await seat.exchange({ settlements: [], want: 1, empty: false })).atDoor === true) return
}
const put = ({ broker }: Stage, jobs: readonly (string | NewJob)[], lane = HERE) =>
  broker.producer.enqueue(
    lane,
    jobs.map((one) => (typeof one === 'string' ? job(one) : one)),
  )
const take = async (seat: Seat, want = 100, empty = true) =>
  (await seat.exchange({ settlements: [], want, empty })).reservations

/** Lets a worker die `times` times with everything that it takes. */
async function crash(stage: Stage, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (;;) {
      const seat = await sit(stage, 1_000)
      const held = await take(seat)
      for (const each of held) if (each.crashes > 0) await seat.begin(each)
      if (held.length === 0) break
    }
    await expire(stage)
    await stage.broker.dispatch.reclaimExpired(HERE, EPOCH)
  }
}

/** Every lease ends, with sweeps in between: the store was not silent. */
async function expire({ broker, raw }: Stage): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await advanceClock(raw, 400)
    await broker.dispatch.agenda(HERE, EPOCH)
    await raw.hset('millrace:{scene/scene/0}:meta', 'seen', await clock(raw))
  }
}
const clock = async (raw: Redis) =>
  String(Number((await raw.time())[0]) * 1_000 + Number(await raw.get('test:clock-offset')) + 1_000)

const MIXED = [
  job('named', { named: true }),
  job('late', { delayMs: 60_000 }),
  job('unique', { unique: { key: 'k', until: 'done' } }),
  job('conflict', { unique: { key: 'k', until: 'done' } }),
  job('urgent', { priority: 3 }),
  job('low', { priority: -3, expiresMs: 60_000 }),
  job('body', { waitsFor: 2 }),
  job('named', { named: true }),
  job('member', joins(HERE, 'body')),
]
/** Ended, but its entry or its place is not gone yet: it is skipped there. */
const STALE = /without a message in|has ended|of an ended job/
const TWICE = /is in (seat:\S+|failed|parked) and /

export const SCENES: readonly ScriptScene[] = [
  { script: 'hello', what: 'a new session', prepare: async (stage) => () => put(stage, ['a']) },
  {
    script: 'enqueue',
    what: 'ordinary jobs',
    prepare: async (stage) => (await put(stage, ['x']), () => put(stage, ['a', 'b', 'c'])),
  },
  {
    script: 'enqueue',
    what: 'all kinds of jobs',
    prepare: async (stage) => (await put(stage, ['x']), () => put(stage, ['a', 'b', ...MIXED])),
  },
  {
    script: 'enqueue',
    what: 'named jobs alone, one of them there already',
    prepare: async (stage) => {
      const [a, b, c] = ['a', 'b', 'c'].map((id) => job(id, { named: true })) as [NewJob, NewJob, NewJob]
      await put(stage, ['x', a])
      return () => put(stage, [a, b, c, b])
    },
  },
  {
    script: 'enqueue',
    what: 'over a tombstone',
    prepare: async (stage) => {
      await put(stage, ['x', 'a', 'y'])
      await stage.broker.control.cancel({ lane: HERE, id: 'a' })
      return () => put(stage, ['b', 'a', job('c', { named: true })])
    },
  },
  {
    script: 'enqueue',
    what: 'handing over at the door',
    prepare: async (stage) => {
      await atDoor(await sit(stage))
      return () => put(stage, ['a'])
    },
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
    script: 'heartbeat',
    what: 'a busy seat',
    prepare: async (stage) => {
      await put(stage, ['a'])
      const seat = await sit(stage)
      await take(seat)
      return () => seat.heartbeat()
    },
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

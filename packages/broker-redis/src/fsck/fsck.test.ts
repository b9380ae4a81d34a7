import type { Defect, DefectKind, Lane, NewJob, Seat } from '@millrace/broker'
import { beforeEach, describe, expect, it } from 'vitest'
import { auditLane } from '../../test/lane-audit.js'
import { ownStore } from '../../test/own-store.js'
import { lanePrefix } from '../keyspace.js'

const lane: Lane = { queue: 'mail[*]?', index: 0 }
const store = ownStore('fsck')
const prefix = lanePrefix(store.keyspace, lane)
const job = (id: string, attrs?: NewJob['attrs']): NewJob =>
  attrs === undefined ? { id, message: '[1,"t",{},1]' } : { id, message: '[1,"t",{},1]', attrs }
const failure = { name: 'Error', message: 'boom', reason: 'error', attempt: 1, at: 1 } as const

let seat: Seat
/** A job in every place that there is. */
beforeEach(async () => {
  seat = await store.broker.consumer.join(lane, { id: 'w', leaseMs: 60_000 })
  await store.broker.producer.enqueue(lane, [job('broken'), job('held-1'), job('held-2')])
  const { reservations } = await seat.exchange({ settlements: [], want: 3, empty: true })
  const settlements = reservations.slice(0, 1).map((reservation) => ({
    reservation,
    verdict: { kind: 'fail', failure, keepMs: 1_000 } as const,
  }))
  await seat.exchange({ settlements, want: 0, empty: false })
  await store.broker.producer.enqueue(lane, [
    job('ready-1'),
    job('ready-2'),
    job('gone'),
    job('urgent', { priority: 3 }),
    job('low', { priority: -3 }),
    job('due', { delayMs: 60_000 }),
    job('body', { waitsFor: 1 }),
    job('unique', { unique: { key: 'k', until: 'done' }, delayMs: 60_000 }),
    job('once', { atMostOnce: true }),
  ])
  await store.broker.control.cancel({ lane, id: 'gone' })
})

const check = async () => (await store.broker.fsck?.check(lane)) ?? Promise.reject(new Error('no fsck'))
const repair = async (defects: readonly Defect[]) => store.broker.fsck?.repair(lane, defects)
const defect = (kind: DefectKind, subject: string, place = ''): Defect => ({ kind, subject, place })

interface Damage {
  readonly what: string
  readonly commands: readonly (readonly string[])[]
  readonly finds: readonly Defect[]
  /** Default: all that is found. */
  readonly mends?: readonly Defect[]
}

const lost = defect('message-without-place', 'ready-1')
const DAMAGES: readonly Damage[] = [
  {
    what: 'an entry of ready without its message',
    commands: [['rpush', 'ready', 'x']],
    finds: [defect('entry-without-message', 'x', 'ready')],
  },
  {
    what: 'an entry of due without its message',
    commands: [['zadd', 'due', '5', 'x']],
    finds: [defect('entry-without-message', 'x', 'due')],
  },
  { what: 'a message that was taken out of ready', commands: [['lrem', 'ready', '1', 'ready-1']], finds: [lost] },
  {
    what: 'a message that may be delivered once only, in no place',
    commands: [['lrem', 'ready', '1', 'once']],
    finds: [defect('message-without-place', 'once')],
    mends: [],
  },
  {
    what: 'a job that waits twice',
    commands: [['zadd', 'due', '5', 'ready-1']],
    finds: [defect('message-in-many-places', 'ready-1', 'due ready')],
    mends: [],
  },
  {
    what: 'a job that runs and waits',
    commands: [['rpush', 'ready', 'held-1']],
    finds: [defect('message-in-many-places', 'held-1', 'held ready')],
    mends: [],
  },
  {
    what: 'a fact about an ended job',
    commands: [['hset', 'attempts', 'x', '2']],
    finds: [defect('fact-without-message', 'x', 'attempts')],
  },
  {
    what: 'a tombstone without an entry',
    commands: [['sadd', 'tombs', 'x']],
    finds: [defect('tomb-without-entry', 'x')],
  },
  {
    what: 'a lease without a seat',
    commands: [['zadd', 'workers', '5', 'x']],
    finds: [defect('lease-without-seat', 'x', 'workers')],
  },
  {
    what: 'a unique key of an ended job',
    commands: [['set', 'unique:t/x', 'x']],
    finds: [defect('unique-without-job', 't/x')],
  },
  {
    what: 'inputs of an ended job',
    commands: [['hset', 'join:x', '0', '1']],
    finds: [defect('join-without-job', 'x')],
  },
  {
    what: 'a session that never ages',
    commands: [['hset', 'meta', 's:x', '1:']],
    finds: [defect('session-without-age', 'x')],
  },
  {
    what: 'two wake tokens',
    commands: [
      ['del', 'wake'],
      ['rpush', 'wake', '1', '1'],
    ],
    finds: [defect('many-tokens', 'wake', 'wake')],
  },
  { what: 'a key of nobody', commands: [['set', 'stray', '1']], finds: [defect('unknown-key', 'stray')], mends: [] },
]

describe('fsck', () => {
  it('finds nothing in a lane with a job in every place, and looks at every message', async () => {
    expect(await check()).toEqual({ jobs: 11, defects: [], counts: {} })
  })

  it.each(DAMAGES)(
    'finds $what, mends it on a paused lane only, and finds it no more',
    async ({ commands, finds, mends }) => {
      for (const [command, key, ...rest] of commands) await store.raw.call(command as string, prefix + key, ...rest)
      const found = await check()
      expect(found.defects).toEqual(finds)
      expect(await repair(found.defects)).toBe('not-paused')
      expect((await check()).defects).toEqual(finds)
      await store.broker.control.pause(lane)
      const mended = mends ?? finds
      expect(await repair(found.defects)).toEqual(mended)
      expect(await repair(found.defects)).toEqual([])
      expect((await check()).defects).toEqual(finds.filter((one) => !mended.includes(one)))
      const { findings } = await auditLane(store.raw, store.keyspace, lane)
      expect(mended.length === finds.length ? findings : []).toEqual([])
    },
  )

  it('gives the jobs of a seat without a lease back through the sweep', async () => {
    const name = (await store.raw.zrange(`${prefix}workers`, '0', '-1'))[0] as string
    await store.raw.del(`${prefix}workers`)
    const { defects } = await check()
    expect(defects).toContainEqual(defect('seat-without-lease', name))
    await store.broker.control.pause(lane)
    await repair(defects)
    const epoch = await store.broker.dispatch.mintEpoch(await store.broker.dispatch.readEpoch(), {
      candidate: 'c',
      host: 'h',
      pid: 1,
    })
    await expect
      .poll(async () => {
        await store.broker.dispatch.reclaimExpired(lane, epoch)
        return (await store.broker.inspect.counts(lane)).running
      })
      .toBe(0)
    expect((await check()).defects).toEqual([])
    expect((await store.broker.inspect.job({ lane, id: 'held-1' })).state).toBe('ready')
  })

  it('mended jobs run', async () => {
    await store.raw.lrem(`${prefix}ready`, 1, 'ready-1')
    await store.broker.control.pause(lane)
    await repair((await check()).defects)
    await store.broker.control.resume(lane)
    const { reservations } = await seat.exchange({ settlements: [], want: 100, empty: true })
    expect(reservations.map(({ id }) => id)).toContain('ready-1')
  })

  it('looks again before it mends: a defect that is none any more is left alone', async () => {
    await store.broker.control.pause(lane)
    const invented = DAMAGES.flatMap(({ finds }) => finds).map((one) => ({ ...one, subject: 'ready-2' }))
    expect(await repair(invented)).toEqual([])
    expect((await check()).defects).toEqual([])
  })

  it('counts all and returns the first of many', async () => {
    await store.raw.del(`${prefix}ready`, `${prefix}tombs`)
    const found = await store.broker.fsck?.check(lane, { limit: 2 })
    expect(found?.defects.length).toBe(2)
    expect(found?.counts).toEqual({ 'message-without-place': 3 })
  })

  it('finds nothing while jobs come, run, retry and end', async () => {
    let going = true
    const work = (async () => {
      const own = await store.broker.consumer.join(lane, { id: 'busy', leaseMs: 60_000 })
      for (let n = 0; going; n += 1) {
        await store.broker.producer.enqueue(
          lane,
          Array.from({ length: 50 }, (_, i) => job(`busy-${n}-${i}`)),
        )
        const { reservations } = await own.exchange({ settlements: [], want: 100, empty: false })
        const settlements = reservations.map((reservation, i) => ({
          reservation,
          verdict:
            i % 3 === 0
              ? ({ kind: 'retry', failure, delayMs: 0 } as const)
              : ({ kind: 'succeed', outputJson: undefined, keepMs: 0 } as const),
        }))
        await own.exchange({ settlements, want: 0, empty: false })
      }
    })()
    try {
      for (let look = 0; look < 30; look += 1) expect((await check()).defects).toEqual([])
    } finally {
      going = false
      await work
    }
  })
})

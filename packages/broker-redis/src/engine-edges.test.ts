import type { Broker, Lane, NewJob, Reservation, Seat, Settlement } from '@millrace/broker'
import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { advanceClock, instrumentScripts } from '../test/instrumented-scripts.js'
import { auditLane } from '../test/lane-audit.js'
import type { LaneKey } from './keyspace.js'
import { laneKey, lanePrefix } from './keyspace.js'
import { openRedisBroker } from './redis-broker.js'

const lane: Lane = { queue: 'edge', index: 0 }
const keyspace = { prefix: 'millrace', app: 'edges' }
const key = (name: LaneKey) => laneKey(keyspace, lane, name)
const job = (id: string, attrs?: NewJob['attrs']): NewJob =>
  attrs === undefined ? { id, message: '[1,"t",{},1]' } : { id, message: '[1,"t",{},1]', attrs }
const failure = { name: 'Error', message: 'boom', reason: 'error', attempt: 1, at: 1 } as const

let server: RedisServer
let raw: Redis
let broker: Broker

beforeAll(async () => {
  instrumentScripts()
  server = await startRedisServer()
  raw = new Redis(server.url)
})
afterAll(async () => {
  raw.disconnect()
  await server.close()
})
beforeEach(async () => {
  await raw.flushall()
  broker = openRedisBroker({ app: keyspace.app, url: server.url })
})
afterEach(async () => {
  await broker.close()
  expect((await auditLane(raw, keyspace, lane)).findings).toEqual([])
})

const sit = (leaseMs = 60_000, id = 'w') => broker.consumer.join(lane, { id, leaseMs })
const put = (...jobs: (string | NewJob)[]) =>
  broker.producer.enqueue(
    lane,
    jobs.map((one) => (typeof one === 'string' ? job(one) : one)),
  )
const exchange = (seat: Seat, settlements: readonly Settlement[], want: number) =>
  seat.exchange({ settlements, want, empty: false })
const ids = (reservations: readonly Reservation[]) => reservations.map(({ id }) => id)
const done = (reservation: Reservation): Settlement => ({
  reservation,
  verdict: { kind: 'succeed', outputJson: undefined, keepMs: 0 },
})
const broken = (reservation: Reservation, keepMs = 0): Settlement => ({
  reservation,
  verdict: { kind: 'fail', failure, keepMs },
})

/** Time passes while the dispatcher keeps sweeping. */
async function sweepFor(ms: number): Promise<number> {
  let reclaimed = 0
  for (let passed = 0; passed < ms; passed += 250) {
    await advanceClock(raw, 250)
    reclaimed += (await broker.dispatch.reclaimExpired(lane, 1)).reclaimed
  }
  return reclaimed
}

describe('handing out', () => {
  it('says that there is more, and wakes, when cancelled jobs used up the look', async () => {
    const dead = Array.from({ length: 30 }, (_, i) => `dead-${i}`)
    await put(...dead, 'live')
    for (const id of dead) await broker.control.cancel({ lane, id })
    const seat = await sit()
    await raw.del(key('wake'))
    const first = await exchange(seat, [], 1)
    expect([ids(first.reservations), first.more, await raw.llen(key('wake'))]).toEqual([[], true, 1])
    expect(ids((await exchange(seat, [], 1)).reservations)).toEqual(['live'])
  })

  it('takes at most 1,000 whatever is wanted, and loses none of a long queue', async () => {
    for (let i = 0; i < 9; i++) await put(...Array.from({ length: 1_000 }, (_, k) => `j${i}-${k}`))
    const seat = await sit()
    for (const want of [10_000, Number.POSITIVE_INFINITY]) {
      const { reservations, more } = await exchange(seat, [], want)
      expect([reservations.length, more]).toEqual([1_000, true])
    }
    expect((await exchange(seat, [], Number.NaN)).reservations).toEqual([])
    expect(await broker.inspect.counts(lane)).toMatchObject({ ready: 7_000, running: 2_000 })
  })

  it('passes the wake token on when the worker that took it has no room', async () => {
    await put('a')
    const seat = await sit()
    await raw.del(key('wake'))
    await exchange(seat, [], 0)
    expect(await raw.llen(key('wake'))).toBe(1)
  })

  it('is not stopped by attributes that cannot be read', async () => {
    await put(job('a', { priority: 1 }), job('b', { maxCrashes: 5 }), job('c', { atMostOnce: true }), 'd')
    await raw.hset(key('attrs'), 'a', '{"p":', 'b', '{"c":null,"j":7,"u":{}}', 'c', 'null')
    const seat = await sit(1_000)
    expect(ids((await exchange(seat, [], 9)).reservations)).toEqual(['a', 'b', 'c', 'd'])
    expect(await sweepFor(2_000)).toBe(4)
    await broker.control.purge(lane)
  })
})

describe('what is refused before anything is written', () => {
  const bad: readonly (readonly [string, NewJob['attrs']])[] = [
    ['priority NaN', { priority: Number.NaN }],
    ['priority Infinity', { priority: Number.POSITIVE_INFINITY }],
    ['maxCrashes NaN', { maxCrashes: Number.NaN }],
    ['waitsFor 0', { waitsFor: 0 }],
    ['delay Infinity', { delayMs: Number.POSITIVE_INFINITY }],
    ['at NaN', { at: Number.NaN }],
    ['unique for NaN', { unique: { key: 'k', until: 'done', forMs: Number.NaN } }],
    ['unique for ever', { unique: { key: 'k', until: 'done', forMs: Number.POSITIVE_INFINITY } }],
    ['a broken unique key', { unique: { key: '\ud800', until: 'done' } }],
    ['joins a broken id', { joins: { lane, id: '\udfff', index: 0 } }],
  ]
  it.each(bad)('%s', async (_, attrs) => {
    await expect(put('plain', job('bad', attrs))).rejects.toMatchObject({
      code: expect.stringMatching(/INVALID_(OPTION|NAME)/),
    })
    expect(await raw.keys(`${lanePrefix(keyspace, lane)}*`)).toEqual([])
  })

  it('a lease that is none', async () => {
    for (const leaseMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(sit(leaseMs)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  it('an epoch that is none', async () => {
    await put('a')
    await broker.dispatch.trim(lane, 5)
    await expect(broker.dispatch.trim(lane, Number.NaN)).rejects.toMatchObject({ code: 'STALE_EPOCH' })
  })
})

describe('a verdict', () => {
  it('is taken whatever its numbers', async () => {
    await put('a', 'b', 'c', 'd', 'e', job('key', { unique: { key: 'k', until: 'done', forMs: 0 } }))
    const seat = await sit()
    const { reservations } = await exchange(seat, [], 9)
    const [a, b, c, d, e, k] = reservations as [
      Reservation,
      Reservation,
      Reservation,
      Reservation,
      Reservation,
      Reservation,
    ]
    const odd: Settlement[] = [
      { reservation: a, verdict: { kind: 'succeed', outputJson: '1', keepMs: Number.POSITIVE_INFINITY } },
      { reservation: b, verdict: { kind: 'succeed', outputJson: '1', keepMs: Number.NaN } },
      { reservation: c, verdict: { kind: 'retry', failure, delayMs: Number.NaN } },
      { reservation: d, verdict: { kind: 'release', delayMs: Number.POSITIVE_INFINITY } },
      broken(e, 1e300),
      { reservation: k, verdict: { kind: 'succeed', outputJson: '1', keepMs: 0.2 } },
    ]
    const tally = [{ task: 't', succeeded: Number.NaN, retried: 0.5, failed: -1, busyMs: Number.POSITIVE_INFINITY }]
    const reply = await seat.exchange({ settlements: odd, want: 0, empty: false, tally })
    expect(reply.lost).toEqual([])
    expect(await broker.inspect.counts(lane)).toMatchObject({ ready: 1, due: 1, failed: 1, running: 0, succeeded: 3 })
  })

  it('given twice in one call counts once and settles no other job', async () => {
    await put('a', 'b')
    const seat = await sit()
    const [a, b] = (await exchange(seat, [], 2)).reservations as [Reservation, Reservation]
    const reply = await exchange(seat, [done(a), done(a)], 0)
    expect(reply.lost.length).toBe(1)
    expect((await exchange(seat, [done(b)], 0)).lost).toEqual([])
    expect((await broker.inspect.counts(lane)).succeeded).toBe(2)
  })

  it('of failure does not put its job among the succeeded', async () => {
    await put('a', 'b', 'c')
    const seat = await sit()
    const [a, b, c] = (await exchange(seat, [], 3)).reservations as [Reservation, Reservation, Reservation]
    await exchange(seat, [done(a), broken(b), { reservation: c, verdict: { kind: 'release', delayMs: 0 } }], 0)
    expect((await broker.inspect.page(lane, 'succeeded', {})).jobs.map(({ ref }) => ref.id)).toEqual(['a'])
  })

  it('names at most 100 tasks a minute', async () => {
    const seat = await sit()
    for (let i = 0; i < 5; i++) {
      const tally = Array.from({ length: 60 }, (_, k) => ({
        task: `t${i}-${k}`,
        succeeded: 1,
        retried: 1,
        failed: 1,
        busyMs: 1,
      }))
      await seat.exchange({ settlements: [], want: 0, empty: false, tally })
    }
    const [bucket] = await raw.keys(`${lanePrefix(keyspace, lane)}stats:*`)
    const figures = await raw.hgetall(bucket as string)
    expect(Object.keys(figures).length).toBeLessThanOrEqual(404)
    expect(
      Object.entries(figures)
        .filter(([name]) => name.startsWith('s:'))
        .reduce((sum, [, n]) => sum + Number(n), 0),
    ).toBe(300)
  })

  it('is the last line of a long history', async () => {
    await put('a')
    const seat = await sit()
    for (let i = 1; i <= 12; i++) {
      const [held] = (await exchange(seat, [], 1)).reservations as [Reservation]
      const record = { ...failure, message: `${i}${'x'.repeat(1_300)}` }
      await exchange(
        seat,
        [
          {
            reservation: held,
            verdict:
              i < 12 ? { kind: 'retry', delayMs: 0, failure: record } : { kind: 'fail', keepMs: 0, failure: record },
          },
        ],
        0,
      )
    }
    const [outcome] = await broker.results.get([{ lane, id: 'a' }])
    expect(outcome).toMatchObject({
      state: 'failed',
      attempts: 12,
      failure: { message: expect.stringMatching(/^12x/) },
    })
  })
})

describe('a lease', () => {
  it('survives a frozen store even when another worker is the first to speak', async () => {
    await put('a', 'b')
    const [one, two] = [await sit(2_000, 'one'), await sit(2_000, 'two')]
    await exchange(one, [], 1)
    await exchange(two, [], 1)
    await advanceClock(raw, 30_000)
    await one.heartbeat()
    expect((await broker.dispatch.reclaimExpired(lane, 1)).reclaimed).toBe(0)
    await two.heartbeat()
    expect(await sweepFor(5_000)).toBe(2)
  })

  it('of a dead worker ends though the dispatcher is slow', async () => {
    await put('a')
    await exchange(await sit(1_000), [], 1)
    let reclaimed = 0
    for (let i = 0; i < 8; i++) {
      await advanceClock(raw, 1_500)
      reclaimed += (await broker.dispatch.reclaimExpired(lane, 1)).reclaimed
    }
    expect(reclaimed).toBe(1)
  })

  it('of a seat that holds nothing outlives the poll of an idle worker, whoever spoke last', async () => {
    const seat = await sit(1_000)
    await sweepFor(10_000)
    await seat.heartbeat()
    await sweepFor(10_000)
    await exchange(seat, [], 1)
    await sweepFor(16_000)
    await expect(exchange(seat, [], 1)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  it('is lost, not stuck, when the store has lost the last exchange', async () => {
    await put('a', 'b')
    const seat = await sit(1_000)
    await exchange(seat, [], 1)
    await exchange(seat, [], 1)
    const [name] = await raw.keys(`${lanePrefix(keyspace, lane)}seat:*`)
    await raw.hset(name as string, 'a', '0  ')
    await expect(exchange(seat, [], 1)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await sweepFor(4_000)).toBe(2)
  })

  it('given up keeps its at-most-once job among the failed, and counts it', async () => {
    await put(job('a', { atMostOnce: true }))
    const seat = await sit()
    await exchange(seat, [], 1)
    await seat.leave()
    expect(await broker.inspect.counts(lane)).toMatchObject({ failed: 1, failedEver: 1, running: 0 })
  })

  it('keeps the ticket of the seat that runs dry for a job that must run alone', async () => {
    await put('poison')
    for (const worker of ['x', 'y']) {
      const seat = await sit(1_000, worker)
      for (const held of (await exchange(seat, [], 1)).reservations) await seat.begin(held)
      await sweepFor(4_000)
    }
    await put('a', 'b', 'c')
    const [one, two] = [await sit(10_000, 'one'), await sit(10_000, 'two')]
    // A seat is handed such a job once it is one lease old.
    await advanceClock(raw, 10_000)
    await raw.lpop(key('solo'))
    await exchange(one, [], 1)
    await raw.rpush(key('solo'), 'poison')
    expect((await exchange(one, [], 1)).drain).toBe(true)
    for (let i = 0; i < 10; i++) {
      await advanceClock(raw, 5_000)
      await one.heartbeat()
    }
    expect(await exchange(two, [], 1)).toMatchObject({ drain: false })
    expect((await exchange(one, [], 1)).drain).toBe(true)
  })
})

describe('a producer', () => {
  it('goes on in a new session when the store has lost the last calls of this one', async () => {
    await put('a')
    await put('b')
    const [session] = await raw.hkeys(key('sessions'))
    await raw.hset(key('sessions'), session as string, '0:0:')
    expect(await put('c')).toEqual([{ kind: 'accepted' }])
    expect(await raw.lrange(key('ready'), 0, -1)).toEqual(['a', 'b', 'c'])
  })

  it('is not refused for a unique key whose holder is gone', async () => {
    await raw.set(`${lanePrefix(keyspace, lane)}unique:k`, 'ghost')
    expect(await put(job('a', { unique: { key: 'k', until: 'done' } }))).toEqual([{ kind: 'accepted' }])
  })

  it('gets a body that waits for others and for its time', async () => {
    await put(job('body', { waitsFor: 1, delayMs: 5_000 }), job('m', { joins: { lane, id: 'body', index: 0 } }))
    const seat = await sit()
    const { reservations } = await exchange(seat, [], 1)
    await exchange(seat, reservations.map(done), 1)
    expect((await broker.inspect.job({ lane, id: 'body' })).state).toBe('scheduled')
    expect((await broker.dispatch.promoteDue(lane, 1)).promoted).toBe(0)
    await advanceClock(raw, 6_000)
    expect((await broker.dispatch.promoteDue(lane, 1)).promoted).toBe(1)
    await broker.control.purge(lane)
  })
})

describe('two waits of one client on a job', () => {
  it('do not end each other', async () => {
    await put('a')
    const seat = await sit()
    const { reservations } = await exchange(seat, [], 1)
    const stays = broker.results.wait({ lane, id: 'a' })
    await expect(broker.results.wait({ lane, id: 'a' }, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'RESULT_TIMEOUT',
    })
    // Answered after the cancellation of the first wait, if there was one: same connection, in order.
    await broker.inspect.counts(lane)
    expect(await raw.hlen(key('waiters'))).toBe(1)
    await exchange(seat, reservations.map(done), 0)
    expect(await stays).toMatchObject({ state: 'succeeded' })
  })
})

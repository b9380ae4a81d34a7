import type { Broker, Reservation, Seat } from '@millrace/broker'
import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TcpProxy } from '../../test/tcp-proxy.js'
import { startTcpProxy } from '../../test/tcp-proxy.js'
import { LANE_FAMILIES, lanePrefix } from '../keyspace.js'
import { openRedisBroker } from '../redis-broker.js'

const lane = { queue: 'work', index: 0 }
const succeeded = { kind: 'succeed', outputJson: undefined, keepMs: 0 } as const

let server: RedisServer
let proxy: TcpProxy
let direct: Broker
let faulty: Broker
let seat: Seat
let apps = 0

beforeAll(async () => {
  server = await startRedisServer()
  proxy = await startTcpProxy(server.url)
})
afterAll(async () => {
  await proxy.close()
  await server.close()
})
beforeEach(async () => {
  const app = `slot-${++apps}`
  proxy.mode = 'pass'
  direct = openRedisBroker({ app, url: server.url })
  faulty = openRedisBroker({ app, url: proxy.url })
  await direct.producer.enqueue(
    lane,
    Array.from({ length: 10 }, (_, i) => ({ id: `j${i}`, message: `[1,"t",${i},1]` })),
  )
  seat = await faulty.consumer.join(lane, { id: 'w', leaseMs: 20_000 })
})
afterEach(async () => {
  await faulty.close()
  await direct.close()
})

const settle = (reservations: readonly Reservation[]) =>
  reservations.map((reservation) => ({ reservation, verdict: succeeded }))

describe('an exchange whose reply is lost', () => {
  it('is answered again with what it handed out, and nothing is stranded', async () => {
    const lost = proxy.loseReplyOf(seat.incarnation)
    const reply = await seat.exchange({ settlements: [], want: 4, empty: false })
    await lost
    expect(reply.reservations.map((r) => [r.id, (r.wire as unknown[])[2]])).toEqual([
      ['j0', 0],
      ['j1', 1],
      ['j2', 2],
      ['j3', 3],
    ])
    expect((await direct.inspect.counts(lane)).running).toBe(4)
    const tokens = (await seat.heartbeat()).tokens
    expect(tokens).toBe(1)
  })

  it('settles once: nothing is reported lost, nothing is counted twice', async () => {
    const first = await seat.exchange({ settlements: [], want: 4, empty: false })
    const lost = proxy.loseReplyOf(seat.incarnation)
    const reply = await seat.exchange({ settlements: settle(first.reservations), want: 2, empty: false })
    await lost
    expect(reply.lost).toEqual([])
    expect(reply.reservations.map((r) => r.id)).toEqual(['j4', 'j5'])
    const counts = await direct.inspect.counts(lane)
    expect([counts.succeeded, counts.running, counts.ready]).toEqual([4, 2, 4])
  })

  it('and that was given up is resolved by the next one: jobs arrive, verdicts count once', async () => {
    const first = await seat.exchange({ settlements: [], want: 3, empty: false })
    proxy.mode = 'drop-replies'
    const given = seat.exchange({ settlements: settle(first.reservations), want: 2, empty: false }, { timeoutMs: 500 })
    await expect(given).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect((await direct.inspect.counts(lane)).succeeded).toBe(3)
    proxy.mode = 'pass'
    proxy.cut()
    const reply = await seat.exchange({ settlements: settle(first.reservations), want: 5, empty: false })
    expect(reply.lost).toEqual([])
    expect(reply.reservations.map((r) => r.id)).toEqual(['j3', 'j4', 'j5', 'j6', 'j7'])
    const counts = await direct.inspect.counts(lane)
    expect([counts.succeeded, counts.running, counts.ready]).toEqual([3, 5, 2])
  })

  it('and whose token was put back meanwhile hands out nothing twice', async () => {
    proxy.mode = 'drop-replies'
    await expect(seat.exchange({ settlements: [], want: 3, empty: false }, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    })
    proxy.mode = 'pass'
    proxy.cut()
    expect((await seat.reconcile([])).putBack).toBe(3)
    const reply = await seat.exchange({ settlements: [], want: 10, empty: false })
    expect(reply.reservations.map((r) => r.id)).toEqual(Array.from({ length: 10 }, (_, i) => `j${i}`))
  })
})

describe('exchanges that were given up', () => {
  it('two of them are each resolved once, though two ask at the same time', async () => {
    proxy.mode = 'drop-replies'
    const given = [1, 2].map(() => seat.exchange({ settlements: [], want: 2, empty: false }, { timeoutMs: 500 }))
    for (const one of given) await expect(one).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    proxy.mode = 'pass'
    proxy.cut()
    const replies = await Promise.all([1, 2].map(() => seat.exchange({ settlements: [], want: 4, empty: false })))
    const ids = replies.flatMap(({ reservations }) => reservations.map(({ id }) => id)).sort()
    expect(ids.length).toBeGreaterThanOrEqual(4)
    expect(new Set(ids).size).toBe(ids.length)
    expect((await direct.inspect.counts(lane)).running).toBe(ids.length)
  })

  it('are told of by a later one when the next is given up too', async () => {
    const first = await seat.exchange({ settlements: [], want: 3, empty: false })
    proxy.mode = 'drop-replies'
    const settlements = settle(first.reservations)
    const given = seat.exchange({ settlements, want: 2, empty: false }, { timeoutMs: 500 })
    await expect(given).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    proxy.mode = 'pass'
    proxy.cut()
    const lost = proxy.loseReplyOf('marker').then(() => {
      proxy.mode = 'blackhole'
    })
    const tally = [{ task: 'marker', succeeded: 3, retried: 0, failed: 0, busyMs: 1 }]
    await expect(seat.exchange({ settlements, want: 3, empty: false, tally }, { timeoutMs: 700 })).rejects.toBeDefined()
    await lost
    proxy.mode = 'pass'
    proxy.cut()
    const reply = await seat.exchange({ settlements, want: 9, empty: false })
    expect(reply.lost).toEqual([])
    expect(reply.reservations.map(({ id }) => id)).toEqual(
      ['j3', 'j4', 'j5', 'j6', 'j7', 'j8', 'j9'].slice(0, reply.reservations.length),
    )
    const counts = await direct.inspect.counts(lane)
    expect([counts.succeeded, counts.running]).toEqual([3, reply.reservations.length])
  })
})

describe('a seat that the lane has forgotten', () => {
  it('gets nothing, not even with its first exchange', async () => {
    const raw = new Redis(server.url)
    const prefix = lanePrefix({ prefix: 'millrace', app: `slot-${apps}` }, lane)
    expect(await raw.del(`${prefix}${LANE_FAMILIES.seat}${seat.incarnation}`)).toBe(1)
    raw.disconnect()
    await expect(seat.exchange({ settlements: [], want: 4, empty: false })).rejects.toMatchObject({
      code: 'LEASE_LOST',
    })
    const counts = await direct.inspect.counts(lane)
    expect([counts.ready, counts.running]).toEqual([10, 0])
  })
})

describe('a link that fails', () => {
  it('resumes waiting for work on a new connection within the block time and a second', async () => {
    const empty = { queue: 'quiet', index: 0 }
    await direct.consumer.join(empty, { id: 'x', leaseMs: 5_000 })
    const stop = new AbortController()
    proxy.mode = 'blackhole'
    const deaf = await faulty.consumer.waitForWork([empty], stop.signal)
    expect(deaf).toBe(false)
    proxy.mode = 'pass'
    const heard = faulty.consumer.waitForWork([empty], stop.signal)
    await direct.producer.enqueue(empty, [{ id: 'a', message: '[1,"t",{},1]' }])
    expect(await heard).toBe(true)
  })

  it('carries on after every connection was cut, many times, without losing or doubling a job', async () => {
    const ran: string[] = []
    let settlements: ReturnType<typeof settle> = []
    for (let round = 0; ran.length < 10 || settlements.length > 0; round++) {
      const call = seat.exchange({ settlements, want: 1, empty: false })
      if (round % 2 === 0) proxy.cut()
      const reply = await call
      expect(reply.lost).toEqual([])
      ran.push(...reply.reservations.map((r) => r.id))
      settlements = settle(reply.reservations)
    }
    expect(ran).toEqual(Array.from({ length: 10 }, (_, i) => `j${i}`))
    expect((await direct.inspect.counts(lane)).succeeded).toBe(10)
  })
})

import type { Broker, Lane, Reservation, Seat } from '@millrace/broker'
import { findRedisServer, type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { advanceClock, instrumentScripts } from '../test/instrumented-scripts.js'
import { auditLane } from '../test/lane-audit.js'
import { LANE_FAMILIES, lanePrefix } from './keyspace.js'
import { openRedisBroker } from './redis-broker.js'

const HOUR_MS = 3_600_000
const EPOCH = 1
const lane: Lane = { queue: 'clock', index: 0 }
const keyspace = { prefix: 'millrace', app: 'clocks' }
const hasRedis = findRedisServer() !== undefined
let server: RedisServer
let raw: Redis
let broker: Broker

beforeAll(async () => {
  if (!hasRedis) return
  instrumentScripts()
  server = await startRedisServer()
  raw = new Redis(server.url)
})
afterAll(async () => {
  if (!hasRedis) return
  raw.disconnect()
  await server.close()
})
beforeEach(async () => {
  await raw?.flushall()
  broker = openRedisBroker({ app: keyspace.app, url: server?.url ?? '' })
})
afterEach(async () => {
  await broker.close()
  if (hasRedis) expect((await auditLane(raw, keyspace, lane)).findings).toEqual([])
})

const put = (id: string, attrs = {}) => broker.producer.enqueue(lane, [{ id, message: '[1,"t",{},1]', attrs }])
const take = async (seat: Seat, want = 10, empty = false) =>
  (await seat.exchange({ settlements: [], want, empty })).reservations
const succeed = (seat: Seat, reservations: readonly Reservation[]) =>
  seat.exchange({
    settlements: reservations.map((reservation) => ({
      reservation,
      verdict: { kind: 'succeed', outputJson: undefined, keepMs: 0 },
    })),
    want: 0,
    empty: false,
  })

/** Seconds pass in which the seat beats and the dispatcher sweeps. */
async function live(seat: Seat, seconds: number): Promise<number> {
  let reclaimed = 0
  for (let passed = 0; passed < seconds; passed++) {
    await advanceClock(raw, 1_000)
    reclaimed += (await broker.dispatch.reclaimExpired(lane, EPOCH)).reclaimed
    await seat.heartbeat()
  }
  return reclaimed
}

describe.skipIf(!hasRedis)('the clock of Redis jumps', () => {
  it.each([
    ['an hour ahead', HOUR_MS],
    ['an hour back', -HOUR_MS],
  ])('%s: no living worker loses its lease, no delayed job is lost', async (_, ms) => {
    await put('held')
    await put('soon', { delayMs: 2_000 })
    await put('late', { delayMs: 2 * HOUR_MS })
    const seat = await broker.consumer.join(lane, { id: 'w', leaseMs: 5_000 })
    const held = await take(seat)
    expect(await live(seat, 1)).toBe(0)
    await advanceClock(raw, ms)
    // The sweep may be the first to see it.
    expect((await broker.dispatch.reclaimExpired(lane, EPOCH)).reclaimed).toBe(0)
    expect(await live(seat, 10)).toBe(0)
    expect((await succeed(seat, held)).lost).toEqual([])
    await advanceClock(raw, HOUR_MS + 10_000)
    await broker.dispatch.promoteDue(lane, EPOCH)
    const next = await broker.consumer.join(lane, { id: 'x', leaseMs: 5_000 })
    expect((await take(next)).map(({ id }) => id)).toContain('soon')
    await next.leave()
    await advanceClock(raw, 3 * HOUR_MS)
    await broker.dispatch.promoteDue(lane, EPOCH)
    expect(await broker.inspect.counts(lane)).toMatchObject({ due: 0, ready: 2, running: 0, crashed: 0 })
  })

  it('an hour back: a dead worker is found once its lease has ended by the new clock, tokens still grow', async () => {
    await put('a')
    const dead = await broker.consumer.join(lane, { id: 'w', leaseMs: 5_000 })
    const [first] = await take(dead)
    await advanceClock(raw, -HOUR_MS)
    const seat = await broker.consumer.join(lane, { id: 'x', leaseMs: 5_000 })
    expect(await live(seat, 3_700)).toBe(1)
    const [second] = await take(seat)
    expect(second?.id).toBe('a')
    expect(BigInt(second?.token ?? 0) > BigInt(first?.token ?? 0)).toBe(true)
    await succeed(seat, [second as Reservation])
  })
})

it.skipIf(!hasRedis)('a seat of an older worker, which notes nothing, is charged for all that it held', async () => {
  await put('a', { maxCrashes: 4 })
  const crashes: number[] = []
  for (let round = 0; round < 4; round++) {
    const seat = await broker.consumer.join(lane, { id: 'old', leaseMs: 1_000 })
    await raw.hdel(`${lanePrefix(keyspace, lane)}${LANE_FAMILIES.seat}${seat.incarnation}`, 'begun', 'since')
    const [held] = await take(seat, 1, true)
    crashes.push(held?.crashes ?? -1)
    const other = await broker.consumer.join(lane, { id: 'x', leaseMs: 20_000 })
    expect(await live(other, 20)).toBe(1)
    await other.leave()
  }
  expect(crashes).toEqual([0, 1, 2, 3])
  expect((await broker.inspect.job({ lane, id: 'a' })).state).toBe('failed')
})

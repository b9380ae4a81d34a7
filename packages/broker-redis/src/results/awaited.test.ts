import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Keyspace } from '../keyspace.js'
import { laneKey } from '../keyspace.js'
import { openRedisBroker } from '../redis-broker.js'

const LANE = { queue: 'awaited', index: 0 }
const keyspace: Keyspace = { prefix: 'millrace', app: 'awaited' }

let server: RedisServer
let raw: Redis
beforeAll(async () => {
  server = await startRedisServer()
  raw = new Redis(server.url)
})
afterAll(async () => {
  raw.disconnect()
  await server.close()
})
beforeEach(async () => {
  await raw.flushall()
})

const ref = (id: string) => ({ lane: LANE, id })
const awaited = (id: string) => ({ id, message: `[1,"t","${id}",1]`, awaited: true as const })
const registered = () => raw.hkeys(laneKey(keyspace, LANE, 'waiters'))

async function scene(play: (broker: ReturnType<typeof openRedisBroker>, settle: () => Promise<void>) => Promise<void>) {
  const broker = openRedisBroker({ app: keyspace.app, url: server.url })
  try {
    const seat = await broker.consumer.join(LANE, { id: 'w', leaseMs: 60_000 })
    await play(broker, async () => {
      const { reservations } = await seat.exchange({ settlements: [], want: 100, empty: false })
      const settlements = reservations.map((reservation) => ({
        reservation,
        verdict: { kind: 'succeed' as const, outputJson: `"${reservation.id}"`, keepMs: 0 },
      }))
      await seat.exchange({ settlements, want: 0, empty: false })
    })
  } finally {
    await broker.close()
  }
}

it('a process that listens is registered by the enqueue itself, and asks nobody', () =>
  scene(async (broker, settle) => {
    await broker.producer.enqueue(LANE, [awaited('before')])
    expect(await registered()).toEqual([])
    expect(await broker.results.wait(ref('nobody'))).toBe('gone')
    await broker.producer.enqueue(LANE, [awaited('a'), awaited('b')])
    expect(await registered()).toEqual(['a', 'b'])
    const early = broker.results.wait(ref('a'))
    await settle()
    expect(await early).toEqual({ state: 'succeeded', outputJson: '"a"' })
    // Where no result is kept it is kept for whoever is registered, and told before he waits.
    expect(await broker.results.wait(ref('b'))).toEqual({ state: 'succeeded', outputJson: '"b"' })
    expect(await registered()).toEqual([])
  }))

it('one job among them that is not awaited leaves them all to their waits', () =>
  scene(async (broker) => {
    await broker.results.wait(ref('nobody'))
    await broker.producer.enqueue(LANE, [awaited('a'), { id: 'b', message: '[1,"t",1,1]' }])
    expect(await registered()).toEqual([])
  }))

it('what was told while the connection was lost is read', () =>
  scene(async (broker, settle) => {
    await broker.results.wait(ref('nobody'))
    await broker.producer.enqueue(LANE, [awaited('a')])
    await raw.call('client', 'kill', 'type', 'pubsub')
    await settle()
    expect(await broker.results.wait(ref('a'), { timeoutMs: 4_000 })).toEqual({ state: 'succeeded', outputJson: '"a"' })
  }))

import { encodeMessage } from '@millrace/core'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRedisBroker } from '../index.js'
import { laneKey } from '../keyspace.js'

describe.skipIf(process.env.MILLRACE_TEST_REDIS === 'none')('findings about a real server', () => {
  let primary: RedisServer
  let replica: RedisServer
  let admin: Redis
  beforeAll(async () => {
    primary = await startRedisServer()
    replica = await startRedisServer()
    admin = new Redis(primary.url)
  })
  afterAll(async () => {
    admin.disconnect()
    await Promise.all([primary.close(), replica.close()])
  })
  beforeEach(() => admin.config('SET', 'min-replicas-to-write', '0'))

  async function findings(url: string) {
    const broker = openRedisBroker({ app: 'health', url })
    try {
      const found = await broker.inspect.health()
      return Object.fromEntries(
        found.map(({ code, level, fix }) => [code, fix === undefined ? level : `${level}, fix`]),
      )
    } finally {
      await broker.close()
    }
  }

  test('every trouble names its fix', async () => {
    expect(await findings(primary.url)).toMatchObject({
      version: 'ok',
      'eviction-policy': 'ok',
      persistence: 'warning, fix',
      role: 'ok',
      memory: 'ok',
      clock: 'ok',
    })
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await admin.config('SET', 'maxmemory', '1mb')
    const troubled = await findings(primary.url)
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    await admin.config('SET', 'maxmemory', '0')
    expect(troubled).toMatchObject({ 'eviction-policy': 'error, fix', memory: 'error, fix' })
  })

  test('a lane of another layout', async () => {
    const broker = openRedisBroker({ app: 'health', url: primary.url })
    const lane = { queue: 'mail', index: 0 }
    await broker.producer.enqueue(lane, [{ id: 'a', message: encodeMessage('mail.send', 'null', 0) }])
    await broker.close()
    expect(await findings(primary.url)).toMatchObject({ layout: 'ok' })
    const meta = laneKey({ prefix: 'millrace', app: 'health' }, lane, 'meta')
    await admin.hset(meta, 'layout', '0')
    expect(await findings(primary.url)).toMatchObject({ layout: 'error, fix' })
    await admin.del(meta)
  })

  test('replicas that nothing waits for, and a replica in place of a primary', async () => {
    const other = new Redis(replica.url)
    await other.replicaof('127.0.0.1', primary.port)
    const deadline = Date.now() + 20_000
    while (!/slave0:.*state=online/.test(await admin.info('replication'))) {
      if (Date.now() > deadline) throw new Error('waited 20 s for the replica')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await findings(primary.url)).toMatchObject({ replicas: 'warning, fix' })
    await admin.config('SET', 'min-replicas-to-write', '1')
    expect(await findings(primary.url)).toMatchObject({ replicas: 'ok' })
    expect(await findings(replica.url)).toMatchObject({ role: 'error, fix' })
    await other.replicaof('NO', 'ONE')
    other.disconnect()
  })
})

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type DevRedis, type DevRedisKind, openDevRedis } from './dev-redis.js'
import { findRedisServer } from './find-redis-server.js'
import { startRedisServer } from './redis-server.js'

const hasServer = findRedisServer({ names: ['redis-server'] }) !== undefined
const rungs: DevRedisKind[] = hasServer ? ['redis-server', 'embedded'] : ['embedded']

let dataDir: string
let cleanups: (() => unknown)[]
const environment = { MILLRACE_BROKER: process.env.MILLRACE_BROKER, PATH: process.env.PATH }

beforeEach(() => {
  delete process.env.MILLRACE_BROKER
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-dev-redis-'))
  cleanups = []
})

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
  rmSync(dataDir, { recursive: true, force: true })
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

async function open(kind?: DevRedisKind): Promise<DevRedis> {
  const redis = await openDevRedis({ dataDir, ...(kind === undefined ? {} : { kind }) })
  cleanups.push(() => redis.close())
  return redis
}

function connect(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: 1 })
  client.on('error', () => undefined)
  cleanups.push(() => client.disconnect())
  return client
}

describe.each(rungs)('the rung %s', (kind) => {
  test('runs plain commands, scripts, blocking pops and pub/sub', async () => {
    const redis = await open(kind)
    expect(redis.kind).toBe(kind)
    expect(redis.describe).toMatch(/^Redis: .*127\.0\.0\.1:\d+, data in /)
    expect(redis.describe.split('\n')).toHaveLength(1)
    const client = connect(redis.url)
    const other = connect(redis.url)

    await client.set('greeting', 'hello')
    expect(await client.get('greeting')).toBe('hello')
    expect(await client.eval("return redis.call('GET', KEYS[1]) .. ARGV[1]", 1, 'greeting', '!')).toBe('hello!')
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])

    const popped = client.blpop('list', 10)
    await other.rpush('list', 'item')
    expect(await popped).toEqual(['list', 'item'])
    expect(await client.blpop('list', 0.05)).toBeNull()

    const heard = new Promise((resolve) => other.once('message', (_channel, message) => resolve(message)))
    await other.subscribe('news')
    await client.publish('news', 'now')
    expect(await heard).toBe('now')
  })

  test('keeps its data when it is closed and opened again', async () => {
    const first = await open(kind)
    await connect(first.url).set('kept', 'yes')
    await first.close()
    await first.close()
    expect(readdirSync(dataDir)).not.toContain('lock')

    const second = await open(kind)
    expect(await connect(second.url).get('kept')).toBe('yes')
  })

  test('leaves no server behind when it is closed', async () => {
    const redis = await open(kind)
    const port = Number(new URL(redis.url).port)
    await redis.close()
    expect(await accepts(port)).toBe(false)
  })

  test('refuses a data folder that another one uses', async () => {
    await open(kind)
    await expect(openDevRedis({ dataDir, kind })).rejects.toThrow(
      new RegExp(`in use by process ${process.pid}: stop that process, give another folder, or set MILLRACE_BROKER`),
    )
  })
})

test('the embedded one saves by itself within 5 s, so that a crash costs no more', async () => {
  const redis = await open('embedded')
  const client = connect(redis.url)
  await client.set('kept', 'yes')
  const saved = async () => expect(await client.info('persistence')).toContain('rdb_changes_since_last_save:0\r')
  await vi.waitFor(saved, { timeout: 20_000, interval: 100 })
  expect(readdirSync(join(dataDir, 'embedded'))).toEqual(['dump.rdb'])
})

test('falls back on the embedded one when PATH has no server', async () => {
  process.env.PATH = ''
  const redis = await open()
  expect(redis.kind).toBe('embedded')
  expect(redis.describe).toContain('for development only')
  expect(await connect(redis.url).ping()).toBe('PONG')
})

test('says what to do when the asked server is not on PATH', async () => {
  process.env.PATH = ''
  await expect(openDevRedis({ dataDir, kind: 'valkey-server' })).rejects.toThrow('no valkey-server on PATH: install it')
  expect(readdirSync(dataDir)).toEqual([])
})

test('takes MILLRACE_BROKER before anything else, starts nothing, and hides the password', async () => {
  process.env.MILLRACE_BROKER = 'redis://user:secret@cache.example:6380/1'
  const redis = await open()
  expect(redis).toMatchObject({ kind: 'given', url: 'redis://user:secret@cache.example:6380/1' })
  expect(redis.describe).toBe('Redis: redis://user:***@cache.example:6380/1 (from MILLRACE_BROKER)')
  await redis.close()
  expect(readdirSync(dataDir)).toEqual([])
})

test('refuses kind "given" without an address, and kinds it does not know', async () => {
  await expect(openDevRedis({ kind: 'given' })).rejects.toThrow('MILLRACE_BROKER is not set')
  await expect(openDevRedis({ kind: 'docker' as DevRedisKind })).rejects.toThrow('kind is "docker": expected one of')
})

test.skipIf(!hasServer)('takes redis-server from PATH', async () => {
  expect((await open()).kind).toBe('redis-server')
})

test.skipIf(!hasServer)('leaves a given Redis running', async () => {
  const server = await startRedisServer()
  cleanups.push(() => server.close())
  process.env.MILLRACE_BROKER = server.url
  const redis = await open()
  await redis.close()
  expect(await connect(redis.url).ping()).toBe('PONG')
})

async function accepts(port: number): Promise<boolean> {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

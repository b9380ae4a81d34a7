import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TcpProxy } from './tcp-proxy.js'

let server: RedisServer
let proxy: TcpProxy
let direct: Redis
let client: Redis
beforeEach(async () => {
  server = await startRedisServer()
  proxy = await TcpProxy.listen(server.port)
  direct = new Redis(server.url)
  client = new Redis(proxy.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined)
  await client.ping()
})
afterEach(async () => {
  client.disconnect()
  direct.disconnect()
  await proxy.close()
  await server.close()
})

it('passes, late if asked', async () => {
  expect(await client.set('k', 'v')).toBe('OK')
  proxy.delay(50)
  const startedAt = performance.now()
  expect(await client.get('k')).toBe('v')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95)
})

it('keeps the order of what is late and what is not any more', async () => {
  proxy.delay(100)
  const late = client.set('k', 'first')
  await new Promise(setImmediate)
  proxy.pass()
  await Promise.all([late, client.set('k', 'second')])
  expect(await direct.get('k')).toBe('second')
})

it('holds replies while requests arrive, and delivers them when it is whole again', async () => {
  proxy.blackhole('replies')
  const answer = client.incr('n')
  await expect.poll(() => direct.get('n')).toBe('1')
  proxy.pass()
  expect(await answer).toBe(1)
})

it('holds requests', async () => {
  proxy.blackhole('requests')
  const answer = client.incr('n')
  expect(await direct.get('n')).toBeNull()
  proxy.pass()
  expect(await answer).toBe(1)
})

it('delivers a request and loses its reply', async () => {
  proxy.loseReplies(({ name, args }) => name === 'incr' && args[0] === 'n')
  const closed = new Promise((resolve) => client.once('close', resolve))
  await expect(client.incr('n')).rejects.toThrow(/closed|max retries/i)
  await closed
  await expect.poll(() => direct.get('n')).toBe('1')
})

it('goes half open: silent for those that are there, whole for those that come', async () => {
  proxy.halfOpen()
  const answer = client.ping()
  const fresh = new Redis(proxy.url)
  expect(await fresh.ping()).toBe('PONG')
  fresh.disconnect()
  expect(client.status).toBe('ready')
  client.disconnect()
  await expect(answer).rejects.toThrow(/closed|max retries/i)
})

it('goes half open where a client blocks, and nowhere else', async () => {
  const blocking = new Redis(proxy.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  blocking.on('error', () => undefined)
  const popped = blocking.blpop('list', 0)
  await expect.poll(() => direct.info('clients')).toContain('blocked_clients:1')
  proxy.halfOpen('blocking')
  await direct.rpush('list', 'taken by a socket that says nothing')
  expect(await client.ping()).toBe('PONG')
  expect(await Promise.race([popped, Promise.resolve('nothing')])).toBe('nothing')
  blocking.disconnect()
  await expect(popped).rejects.toThrow(/closed|max retries/i)
})

it('refuses until it passes again', async () => {
  const closed = new Promise((resolve) => client.once('close', resolve))
  proxy.refuse()
  await closed
  const fresh = new Redis(proxy.url, { lazyConnect: true, retryStrategy: () => null })
  fresh.on('error', () => undefined)
  await expect(fresh.connect()).rejects.toThrow(/closed|ECONNRESET/i)
  proxy.pass()
  await fresh.connect()
  expect(await fresh.ping()).toBe('PONG')
  fresh.disconnect()
})

it('leads new connections to another server', async () => {
  const other = await startRedisServer()
  try {
    await direct.set('k', 'first')
    proxy.retarget(other.port)
    proxy.cut()
    const fresh = new Redis(proxy.url)
    expect(await fresh.get('k')).toBeNull()
    fresh.disconnect()
  } finally {
    await other.close()
  }
})

import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { findRedisServer } from './find-redis-server.js'
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.js'

let cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
  cleanups = []
})

async function start(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedisServer(options)
  cleanups.push(() => server.close())
  return server
}

function connect(server: RedisServer): Redis {
  const client = new Redis(server.url)
  client.on('error', () => undefined)
  cleanups.push(() => client.disconnect())
  return client
}

describe.skipIf(findRedisServer() === undefined)('startRedisServer', () => {
  test('gives a server on loopback that answers at once and writes nothing', async () => {
    const server = await start()
    const client = connect(server)
    expect(await client.ping()).toBe('PONG')
    expect(await client.config('GET', 'save')).toEqual(['save', ''])
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'no'])
    expect(await client.config('GET', 'bind')).toEqual(['bind', '127.0.0.1'])
    expect(await client.info('server')).toContain(`process_id:${server.pid}\r\n`)
  })

  test('passes arguments on', async () => {
    const client = connect(await start({ args: ['--maxmemory', '8mb'] }))
    expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(8 * 1024 * 1024)])
  })

  test('starts several at once, each on its own port', async () => {
    const servers = await Promise.all([start(), start(), start(), start()])
    expect(new Set(servers.map((server) => server.port)).size).toBe(4)
  })

  test('close ends a server that is stopped, and may be called twice', async () => {
    const server = await start({ appendonly: true })
    server.kill('SIGSTOP')
    await server.close()
    await server.close()
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH')
    expect(existsSync(server.dir)).toBe(false)
  })

  test('a killed server comes back on its port with its append-only file', async () => {
    const first = await start({ appendonly: true, args: ['--appendfsync', 'always'] })
    await connect(first).set('kept', 'yes')
    first.kill('SIGKILL')
    await first.exited
    const second = await start({ appendonly: true, port: first.port, dir: first.dir })
    expect(await connect(second).get('kept')).toBe('yes')
  })

  test('says which port is taken', async () => {
    const { port } = await start()
    await expect(startRedisServer({ port })).rejects.toThrow(`did not start: port ${port} is taken. It printed:`)
  })

  test('says what is wrong with an argument', async () => {
    await expect(startRedisServer({ args: ['--no-such-option', 'x'] })).rejects.toThrow('no-such-option')
  })
})

test('names the fix when there is no server', async () => {
  const path = process.env.PATH
  process.env.PATH = ''
  cleanups.push(() => {
    if (path !== undefined) process.env.PATH = path
  })
  await expect(startRedisServer()).rejects.toThrow('no redis-server and no valkey-server on PATH: install one')
})

import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type App, createApp } from './app.js'

let server: RedisServer
let raw: Redis
let app: App
let apps = 0

beforeAll(async () => {
  server = await startRedisServer()
  raw = new Redis(server.url)
})
afterAll(async () => {
  raw.disconnect()
  await server.close()
})
beforeEach(() => {
  app = createApp({ name: `bad-${++apps}`, broker: server.url, maxInputBytes: 1_000 })
})
afterEach(() => app.close())

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })

/** What is done, the error's code, and a part of its message: the path, what was found, the fix. */
const rows: readonly [name: string, act: (app: App) => unknown, code: string, part: RegExp][] = [
  ['a value that fails the schema', (a) => strict(a).enqueue({ n: 'x' as unknown as number }), 'INVALID_INPUT', /n/],
  ['a missing field', (a) => strict(a).enqueue({} as { n: number }), 'INVALID_INPUT', /n/],
  ['a BigInt', (a) => loose(a).enqueue({ a: { b: 10n } }), 'NOT_SERIALIZABLE', /a\.b/],
  ['a Map', (a) => loose(a).enqueue({ m: new Map() }), 'NOT_SERIALIZABLE', /m/],
  ['a function', (a) => loose(a).enqueue({ f: () => 1 }), 'NOT_SERIALIZABLE', /f/],
  ['a cycle', (a) => loose(a).enqueue(cyclic), 'NOT_SERIALIZABLE', /self/],
  ['undefined in an array', (a) => loose(a).enqueue({ l: [1, undefined] }), 'NOT_SERIALIZABLE', /l\[1\]/],
  ['NaN', (a) => loose(a).enqueue({ n: Number.NaN }), 'NOT_SERIALIZABLE', /n/],
  ['a Date', (a) => loose(a).enqueue({ d: new Date() }), 'NOT_SERIALIZABLE', /toISOString/],
  ['more than maxInputBytes', (a) => loose(a).enqueue('x'.repeat(2_000)), 'PAYLOAD_TOO_LARGE', /1,?000/],
  ['deeper than 200', (a) => loose(a).enqueue(deep(201)), 'PAYLOAD_TOO_LARGE', /200/],
  [
    'one bad input among many',
    (a) => strict(a).enqueueMany([{ n: 1 }, { n: 'x' as unknown as number }]),
    'INVALID_INPUT',
    /n/,
  ],
  ['a bad task name', (a) => a.define('no good'), 'INVALID_NAME', /no good/],
  ['a bad queue name', (a) => a.define('t', { queue: '-x' }), 'INVALID_NAME', /-x/],
  ['a bad app name', () => createApp({ name: 'a b' }), 'INVALID_NAME', /a b/],
  ['a bad job id', (a) => loose(a).enqueue(1, { id: 'a b' }), 'INVALID_NAME', /a b/],
  ['an unknown option', (a) => loose(a).enqueue(1, { dealy: '5m' } as object), 'INVALID_OPTION', /delay/],
  ['an unknown task option', (a) => a.define('t', { tiemout: '1s' } as object), 'INVALID_OPTION', /timeout/],
  ['a wrong unit', (a) => loose(a).enqueue(1, { delay: '5 minutes' as '5m' }), 'INVALID_OPTION', /5 minutes/],
  ['delay and at together', (a) => loose(a).enqueue(1, { delay: '5m', at: new Date() }), 'INVALID_OPTION', /delay|at/],
  ['a priority out of range', (a) => loose(a).enqueue(1, { priority: 101 }), 'INVALID_OPTION', /100/],
]
const strict = (a: App) => a.define('strict', { input: z.object({ n: z.number() }) })
const loose = (a: App) => a.define('loose', { input: z.any() as unknown as z.ZodType<unknown> })

describe('bad input is refused at the door: a named error, and Redis holds what it held', () => {
  it.each(rows)('%s', async (_name, act, code, part) => {
    await app.define('warm-up').enqueue(undefined)
    const before = await raw.dbsize()
    const error = await Promise.resolve()
      .then(() => act(app))
      .then(
        () => undefined,
        (e: unknown) => e,
      )
    expect(error).toMatchObject({ code })
    expect((error as Error).message).toMatch(part)
    expect(await raw.dbsize()).toBe(before)
    expect((await (await app.broker()).inspect.counts({ queue: 'default', index: 0 })).ready).toBe(1)
  })

  it('a unique key that is held', async () => {
    const task = app.define('unique')
    const held = await task.enqueue(1, { unique: { key: 'k', for: '1h' } })
    const before = await raw.dbsize()
    await expect(task.enqueue(2, { unique: { key: 'k', for: '1h', onConflict: 'throw' } })).rejects.toMatchObject({
      code: 'UNIQUE_CONFLICT',
      holder: held.id,
    })
    expect(await raw.dbsize()).toBe(before)
  })

  it('a lane of another layout', async () => {
    const task = app.define('t')
    await task.enqueue(1)
    await raw.hset(`millrace:{${app.name}/default/0}:meta`, 'layout', '99')
    const before = await raw.dbsize()
    const other = createApp({ name: app.name, broker: server.url })
    await expect(other.define('t').enqueue(1)).rejects.toMatchObject({ code: 'LAYOUT_MISMATCH' })
    await other.close()
    expect(await raw.dbsize()).toBe(before)
  })
})

describe('a Redis that cannot serve', () => {
  it('full: refuses new jobs by name, and still drains', async () => {
    const small = await startRedisServer({ args: ['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction'] })
    const full = createApp({ name: 'full', broker: small.url })
    try {
      await expect(full.define('t').enqueue('x', { timeout: '2s' } as object)).rejects.toMatchObject({
        code: 'BROKER_FULL',
      })
    } finally {
      await full.close()
      await small.close()
    }
  })

  it('evicting: refuses every call by name with the fix, and its health says so', async () => {
    const forgetful = await startRedisServer({ args: ['--maxmemory-policy', 'allkeys-lru'] })
    const evicting = createApp({ name: 'evicting', broker: forgetful.url })
    const { inspect } = await evicting.broker()
    try {
      await expect(evicting.define('t').enqueue(1)).rejects.toMatchObject({ code: 'BROKER_UNFIT' })
      expect((await inspect.health()).find((finding) => finding.code === 'eviction-policy')?.level).toBe('error')
    } finally {
      await evicting.close()
      await forgetful.close()
    }
  })

  it('a replica: unavailable within the timeout, nothing written', async () => {
    const replica = await startRedisServer({ args: ['--replicaof', '127.0.0.1', new URL(server.url).port] })
    const broker = await createApp({ name: 'replica', broker: replica.url }).broker()
    try {
      await expect(
        broker.producer.enqueue({ queue: 'q', index: 0 }, [{ id: 'a', message: '[1,"t",1,1]' }], { timeoutMs: 500 }),
      ).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
      expect((await broker.inspect.health()).find((finding) => finding.code === 'role')?.level).toBe('error')
    } finally {
      await broker.close()
      await replica.close()
    }
  })
})

import type { Broker, Seat, Settlement } from '@millrace/broker'
import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { instrumentScripts } from '../../test/instrumented-scripts.js'
import { auditLane } from '../../test/lane-audit.js'
import type { Stage } from '../../test/scene-stage.js'
import { awaited, EPOCH, expire, HERE, handOver, hearEnds, settle, sit, succeeds } from '../../test/scene-stage.js'
import type { TcpProxy } from '../../test/tcp-proxy.js'
import { startTcpProxy } from '../../test/tcp-proxy.js'
import { openRedisBroker } from '../redis-broker.js'
import { endAheadScript, exchangeScript } from '../scripts.generated.js'

const keyspace = { prefix: 'millrace', app: 'scene' }
const ENDED = { state: 'succeeded', outputJson: '"done"' }
const NOTHING_LEFT = { ready: 0, suspects: 0, due: 0, running: 0, failed: 0, crashed: 0 }

let server: RedisServer
let proxy: TcpProxy
let raw: Redis
let heard: Redis
/** Of the process that enqueues and waits. */
let producer: Broker
/** Of the worker's process, behind the proxy. */
let worker: Broker
let stage: Stage
let seat: Seat
/** Ids of the jobs whose end was told, each time that it was. */
let told: string[]

beforeAll(async () => {
  instrumentScripts()
  server = await startRedisServer()
  proxy = await startTcpProxy(server.url)
  raw = new Redis(server.url)
  heard = new Redis(server.url)
  heard.on('pmessage', (_pattern: string, _channel: string, text: string) => {
    if (text.startsWith('E')) told.push(text.slice(1, text.indexOf('\n')))
  })
  await heard.psubscribe('*')
})
afterAll(async () => {
  heard.disconnect()
  raw.disconnect()
  await proxy.close()
  await server.close()
})
beforeEach(async () => {
  await raw.flushall()
  told = []
  producer = openRedisBroker({ app: keyspace.app, url: server.url })
  worker = openRedisBroker({ app: keyspace.app, url: proxy.url })
  stage = { broker: producer, raw }
  await hearEnds(stage)
  seat = await sit({ broker: worker, raw }, 1_000)
})
afterEach(async () => {
  await worker.close()
  await producer.close()
})

/** A job that is waited for and was handed over to the seat, and what its handler came to. */
async function done(id: string): Promise<readonly Settlement[]> {
  return settle(await handOver(stage, seat, awaited(id)), () => succeeds('"done"'))
}
const ahead = (settlements: readonly Settlement[]) => {
  for (const settlement of settlements) void seat.ahead?.(settlement)
}
const exchange = (settlements: readonly Settlement[]) =>
  seat.exchange({
    settlements,
    want: 1,
    empty: false,
    tally: [{ task: 't', succeeded: settlements.length, retried: 0, failed: 0, busyMs: 0 }],
  })
const endOf = (id: string) => producer.results.wait({ lane: HERE, id })
/** Successes by task, in all minutes. */
async function successes(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const key of await raw.keys('*:stats:*')) {
    for (const [figure, value] of Object.entries(await raw.hgetall(key)))
      if (figure.startsWith('s:')) sums[figure.slice(2)] = (sums[figure.slice(2)] ?? 0) + Number(value)
  }
  return sums
}
/** What was published before this is asked has come. */
async function toldByNow(): Promise<readonly string[]> {
  await heard.ping()
  return told
}
const defects = async () => (await auditLane(raw, keyspace, HERE)).findings

it.each(['request', 'reply'] as const)('ends a job once where its %s is lost, and the seat goes on', async (what) => {
  // From here on the server knows the script by its hash.
  const first = await done('first')
  ahead(first)
  await exchange(first)

  const lost = what === 'reply' ? proxy.loseReplyOf(endAheadScript.sha) : proxy.loseRequestOf(endAheadScript.sha)
  const settlements = await done('a')
  ahead(settlements)
  await lost
  expect((await exchange(settlements)).lost).toEqual([])
  expect(await endOf('a')).toEqual(ENDED)
  expect(await toldByNow()).toEqual(['first', 'a'])
  expect(await producer.inspect.counts(HERE)).toMatchObject({ ...NOTHING_LEFT, succeeded: 2 })
  expect(await successes()).toEqual({ t: 2 })
  expect(await defects()).toEqual([])

  const next = await done('next')
  ahead(next)
  expect((await exchange(next)).lost).toEqual([])
  expect(await endOf('next')).toEqual(ENDED)
  expect((await producer.inspect.counts(HERE)).succeeded).toBe(3)
})

it('leaves a job to its exchange where it does not get through at all', async () => {
  const settlements = await done('a')
  proxy.mode = 'blackhole'
  const exchangeSetOut = proxy.loseRequestOf(exchangeScript.sha)
  ahead(settlements)
  const settled = exchange(settlements)
  // It waits no longer for what went ahead of it, and is lost too; it is sent again on another link.
  await exchangeSetOut
  expect(await toldByNow()).toEqual([])
  proxy.mode = 'pass'
  expect((await settled).lost).toEqual([])
  expect(await endOf('a')).toEqual(ENDED)
  expect(await toldByNow()).toEqual(['a'])
  expect(await producer.inspect.counts(HERE)).toMatchObject({ ...NOTHING_LEFT, succeeded: 1 })
})

describe('a job that was ended ahead, whose exchange never comes, is counted once and does not run again, where its seat', () => {
  const reclaim = async () => {
    await expire(stage)
    return producer.dispatch.reclaimExpired(HERE, EPOCH)
  }
  it.each([
    ['dies', async () => expect(await reclaim()).toMatchObject({ reclaimed: 0, poisoned: 0, crashed: [] })],
    ['leaves', () => seat.leave()],
    ['does not know it any more', async () => expect(await seat.reconcile([])).toEqual({ putBack: 0 })],
  ])('%s', async (_, end) => {
    const settlements = await done('a')
    expect(await producer.control.cancel({ lane: HERE, id: 'a' })).toBe('asked')
    ahead(settlements)
    expect(await endOf('a')).toEqual(ENDED)
    await end()
    const after = async () => {
      expect(await producer.inspect.counts(HERE)).toMatchObject({ ...NOTHING_LEFT, succeeded: 1 })
      expect(await successes()).toEqual({ '(other)': 1 })
      expect(await defects()).toEqual([])
    }
    await after()
    // Late, from a worker that did not know: nothing more comes of it.
    const late = await exchange(settlements).then(
      ({ lost }) => (lost.length === 1 ? 'lost' : 'settled'),
      (error: { code: string }) => error.code,
    )
    expect(['lost', 'LEASE_LOST']).toContain(late)
    await reclaim()
    expect((await producer.inspect.counts(HERE)).succeeded).toBe(1)
    expect(await toldByNow()).toEqual(['a'])
  })
})

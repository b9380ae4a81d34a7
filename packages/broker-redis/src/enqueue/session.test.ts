import type { Broker, NewJob } from '@millrace/broker'
import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TcpProxy } from '../../test/tcp-proxy.js'
import { startTcpProxy } from '../../test/tcp-proxy.js'
import { LAYOUT, lanePrefix } from '../keyspace.js'
import { openRedisBroker } from '../redis-broker.js'
import { enqueueScript, helloScript } from '../scripts.generated.js'

const lane = { queue: 'work', index: 0 }
const job = (id: string): NewJob => ({ id, message: '[1,"t",{},1]' })

let server: RedisServer
let proxy: TcpProxy
let raw: Redis
let apps = 0
let app = ''

beforeAll(async () => {
  server = await startRedisServer()
  proxy = await startTcpProxy(server.url)
  raw = new Redis(server.url)
})
afterAll(async () => {
  raw.disconnect()
  await proxy.close()
  await server.close()
})
beforeEach(() => {
  app = `session-${++apps}`
  proxy.mode = 'pass'
})

async function withBroker(url: string, run: (broker: Broker) => Promise<void>): Promise<void> {
  const broker = openRedisBroker({ app, url })
  try {
    await run(broker)
  } finally {
    await broker.close()
  }
}

/** Runs everything that is ready; how often each id ran. */
async function runAll(broker: Broker): Promise<Record<string, number>> {
  const seat = await broker.consumer.join(lane, { id: 'w', leaseMs: 5_000 })
  const runs: Record<string, number> = {}
  for (;;) {
    const { reservations } = await seat.exchange({ settlements: [], want: 100, empty: false })
    if (reservations.length === 0) break
    for (const { id } of reservations) runs[id] = (runs[id] ?? 0) + 1
    const verdict = { kind: 'succeed', outputJson: undefined, keepMs: 0 } as const
    await seat.exchange({
      settlements: reservations.map((reservation) => ({ reservation, verdict })),
      want: 0,
      empty: false,
    })
  }
  await seat.leave()
  return runs
}

describe('a call that is sent twice', () => {
  it('whose reply was lost is executed once and answered', async () => {
    await withBroker(proxy.url, async (broker) => {
      await broker.producer.enqueue(lane, [job('first')])
      const lost = proxy.loseReplyOf('second')
      const answers = await broker.producer.enqueue(lane, [job('second')])
      await lost
      expect(answers).toEqual([{ kind: 'accepted' }])
      expect(await runAll(broker)).toEqual({ first: 1, second: 1 })
    })
  })

  it('many times over, loses no job and makes no second one', async () => {
    await withBroker(proxy.url, async (broker) => {
      for (let round = 0; round < 40; round++) {
        const lost = proxy.loseReplyOf(`job-${round}`)
        await Promise.all([broker.producer.enqueue(lane, [job(`job-${round}`)]), lost])
      }
      const runs = await runAll(broker)
      expect(Object.keys(runs).length).toBe(40)
      expect(Math.max(...Object.values(runs))).toBe(1)
    })
  })

  it('after its job has finished does not make it again', async () => {
    await withBroker(server.url, async (broker) => {
      const prefix = lanePrefix({ prefix: 'millrace', app }, lane)
      await raw.eval(helloScript.source, 1, prefix, LAYOUT, 'S')
      const call = [LAYOUT, 'S', '1', '', '1', 'a', '[1,"t",{},1]']
      expect(await raw.eval(enqueueScript.source, 1, prefix, ...call)).toBe('')
      expect(await runAll(broker)).toEqual({ a: 1 })
      expect(await raw.eval(enqueueScript.source, 1, prefix, ...call)).toBe('')
      expect(await runAll(broker)).toEqual({})
    })
  })

  it('out of order or late is refused unexecuted', async () => {
    const prefix = lanePrefix({ prefix: 'millrace', app }, lane)
    await raw.eval(helloScript.source, 1, prefix, LAYOUT, 'S')
    const call = (number: number, id: string) =>
      raw.eval(enqueueScript.source, 1, prefix, LAYOUT, 'S', String(number), '', '1', id, '[1,"t",{},1]')
    expect(await call(1, 'a')).toBe('')
    await expect(call(3, 'c')).rejects.toThrow('MILLRACE ORDER 1')
    expect(await call(2, 'b')).toBe('')
    await expect(call(1, 'a')).rejects.toThrow('MILLRACE ORDER 2')
    expect(await raw.lrange(`${prefix}ready`, 0, -1)).toEqual(['a', 'b'])
  })

  it('in a session that the store no longer knows is refused, and goes through in a new one', async () => {
    await withBroker(server.url, async (broker) => {
      await broker.producer.enqueue(lane, [job('a')])
      await raw.flushall()
      expect(await broker.producer.enqueue(lane, [job('b')])).toEqual([{ kind: 'accepted' }])
      expect(await broker.inspect.lanes()).toEqual([lane])
      expect(await runAll(broker)).toEqual({ b: 1 })
    })
  })
})

describe('a call that gets no answer', () => {
  it('rejects with OutcomeUnknownError and the ids within its timeout', async () => {
    await withBroker(proxy.url, async (broker) => {
      await broker.producer.enqueue(lane, [job('a')])
      proxy.mode = 'drop-replies'
      const error = await broker.producer.enqueue(lane, [job('b')], { timeoutMs: 700 }).catch((e: unknown) => e)
      expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', ids: ['b'] })
      proxy.mode = 'pass'
      proxy.cut()
      await broker.producer.enqueue(lane, [job('c')])
      expect(await runAll(broker)).toEqual({ a: 1, b: 1, c: 1 })
    })
  })

  it('is safe to make again with its id, even after the job has run and left no trace', async () => {
    await withBroker(proxy.url, async (broker) => {
      await broker.producer.enqueue(lane, [job('a')])
      proxy.mode = 'drop-replies'
      await expect(broker.producer.enqueue(lane, [job('b'), job('c')], { timeoutMs: 500 })).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
      })
      proxy.mode = 'pass'
      proxy.cut()
      await withBroker(server.url, async (other) => expect(await runAll(other)).toEqual({ a: 1, b: 1, c: 1 }))
      const again = [job('d'), { ...job('b'), attrs: { named: true } } as NewJob]
      expect(await broker.producer.enqueue(lane, again)).toEqual([{ kind: 'accepted' }, { kind: 'duplicate' }])
      expect(await runAll(broker)).toEqual({ d: 1 })
    })
  })

  it('and never arrived is made by the repeat', async () => {
    await withBroker(proxy.url, async (broker) => {
      await broker.producer.enqueue(lane, [job('a')])
      proxy.mode = 'blackhole'
      await expect(broker.producer.enqueue(lane, [job('b')], { timeoutMs: 500 })).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
      })
      proxy.mode = 'pass'
      proxy.cut()
      await broker.producer.enqueue(lane, [{ ...job('b'), attrs: { named: true } }])
      expect(await runAll(broker)).toEqual({ a: 1, b: 1 })
    })
  })

  it('rejects with BrokerUnavailableError where nobody listens', async () => {
    await withBroker('redis://127.0.0.1:1', async (broker) => {
      await expect(broker.producer.enqueue(lane, [job('a')], { timeoutMs: 400 })).rejects.toMatchObject({
        code: 'BROKER_UNAVAILABLE',
      })
    })
  })
})

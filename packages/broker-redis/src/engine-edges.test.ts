import type { Lane, NewJob } from '@millrace/broker'
import { describe, expect, it } from 'vitest'
import { advanceClock } from '../test/instrumented-scripts.js'
import { done, exchange, ids, job, laneCalls } from '../test/lane-calls.js'
import { ownStore } from '../test/own-store.js'
import { lanePrefix, SESSION_FIELD } from './keyspace.js'

const lane: Lane = { queue: 'edge', index: 0 }
const store = ownStore('edges', { instrumented: true, audited: lane })
const { key, put, sit, sweepFor } = laneCalls(store, lane)

describe('handing out', () => {
  it('says that there is more, and wakes, when cancelled jobs used up the look', async () => {
    const dead = Array.from({ length: 30 }, (_, i) => `dead-${i}`)
    await put(...dead, 'live')
    for (const id of dead) await store.broker.control.cancel({ lane, id })
    const seat = await sit()
    await store.raw.del(key('wake'))
    const first = await exchange(seat, [], 1)
    expect([ids(first.reservations), first.more, await store.raw.llen(key('wake'))]).toEqual([[], true, 1])
    expect(ids((await exchange(seat, [], 1)).reservations)).toEqual(['live'])
  })

  it('takes at most 1,000 whatever is wanted, and loses none of a long queue', async () => {
    for (let i = 0; i < 9; i++) await put(...Array.from({ length: 1_000 }, (_, k) => `j${i}-${k}`))
    const seat = await sit()
    for (const want of [10_000, Number.POSITIVE_INFINITY]) {
      const { reservations, more } = await exchange(seat, [], want)
      expect([reservations.length, more]).toEqual([1_000, true])
    }
    expect((await exchange(seat, [], Number.NaN)).reservations).toEqual([])
    expect(await store.broker.inspect.counts(lane)).toMatchObject({ ready: 7_000, running: 2_000 })
  })

  it('passes the wake token on when the worker that took it has no room', async () => {
    await put('a')
    const seat = await sit()
    await store.raw.del(key('wake'))
    await exchange(seat, [], 0)
    expect(await store.raw.llen(key('wake'))).toBe(1)
  })

  it('is not stopped by attributes that cannot be read', async () => {
    await put(job('a', { priority: 1 }), job('b', { maxCrashes: 5 }), job('c', { atMostOnce: true }), 'd')
    await store.raw.hset(key('attrs'), 'a', '{"p":', 'b', '{"c":null,"j":7,"u":{}}', 'c', 'null')
    const seat = await sit(1_000)
    expect(ids((await exchange(seat, [], 9)).reservations)).toEqual(['a', 'b', 'c', 'd'])
    expect(await sweepFor(2_000)).toBe(4)
    await store.broker.control.purge(lane)
  })
})

describe('what is refused before anything is written', () => {
  const bad: readonly (readonly [string, NewJob['attrs']])[] = [
    ['priority NaN', { priority: Number.NaN }],
    ['priority Infinity', { priority: Number.POSITIVE_INFINITY }],
    ['maxCrashes NaN', { maxCrashes: Number.NaN }],
    ['waitsFor 0', { waitsFor: 0 }],
    ['delay Infinity', { delayMs: Number.POSITIVE_INFINITY }],
    ['at NaN', { at: Number.NaN }],
    ['unique for NaN', { unique: { key: 'k', until: 'done', forMs: Number.NaN } }],
    ['unique for ever', { unique: { key: 'k', until: 'done', forMs: Number.POSITIVE_INFINITY } }],
    ['a broken unique key', { unique: { key: '\ud800', until: 'done' } }],
    ['joins a broken id', { joins: { lane, id: '\udfff', index: 0 } }],
  ]
  it.each(bad)('%s', async (_, attrs) => {
    await expect(put('plain', job('bad', attrs))).rejects.toMatchObject({
      code: expect.stringMatching(/INVALID_(OPTION|NAME)/),
    })
    expect(await store.raw.keys(`${lanePrefix(store.keyspace, lane)}*`)).toEqual([])
  })

  it('a lease that is none', async () => {
    for (const leaseMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(sit(leaseMs)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  it('an epoch that is none', async () => {
    await put('a')
    await store.broker.dispatch.trim(lane, 5)
    await expect(store.broker.dispatch.trim(lane, Number.NaN)).rejects.toMatchObject({ code: 'STALE_EPOCH' })
  })
})

describe('a producer', () => {
  it('goes on in a new session when the store has lost the last calls of this one', async () => {
    await put('a')
    await put('b')
    const session = (await store.raw.hkeys(key('meta'))).find((field) => field.startsWith(SESSION_FIELD))
    await store.raw.hset(key('meta'), session as string, '0:')
    expect(await put('c')).toEqual([{ kind: 'accepted' }])
    expect(await store.raw.lrange(key('ready'), 0, -1)).toEqual(['a', 'b', 'c'])
  })

  it('is not refused for a unique key whose holder is gone', async () => {
    await store.raw.set(`${lanePrefix(store.keyspace, lane)}unique:k`, 'ghost')
    expect(await put(job('a', { unique: { key: 'k', until: 'done' } }))).toEqual([{ kind: 'accepted' }])
  })

  it('gets a body that waits for others and for its time', async () => {
    await put(job('body', { waitsFor: 1, delayMs: 5_000 }), job('m', { joins: { lane, id: 'body', index: 0 } }))
    const seat = await sit()
    const { reservations } = await exchange(seat, [], 1)
    await exchange(seat, reservations.map(done), 1)
    expect((await store.broker.inspect.job({ lane, id: 'body' })).state).toBe('scheduled')
    expect((await store.broker.dispatch.promoteDue(lane, 1)).promoted).toBe(0)
    await advanceClock(store.raw, 6_000)
    expect((await store.broker.dispatch.promoteDue(lane, 1)).promoted).toBe(1)
    await store.broker.control.purge(lane)
  })
})

describe('two waits of one client on a job', () => {
  it('do not end each other', async () => {
    await put('a')
    const seat = await sit()
    const { reservations } = await exchange(seat, [], 1)
    const stays = store.broker.results.wait({ lane, id: 'a' })
    await expect(store.broker.results.wait({ lane, id: 'a' }, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'RESULT_TIMEOUT',
    })
    // Answered after the cancellation of the first wait, if there was one: same connection, in order.
    await store.broker.inspect.counts(lane)
    expect(await store.raw.hlen(key('waiters'))).toBe(1)
    await exchange(seat, reservations.map(done), 0)
    expect(await stays).toMatchObject({ state: 'succeeded' })
  })
})

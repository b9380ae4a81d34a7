import type { Lane, Reservation, Seat } from '@millrace/broker'
import { describe, expect, it } from 'vitest'
import { done, exchange, ids, laneCalls } from '../../test/lane-calls.js'
import { ownStore } from '../../test/own-store.js'

const lane: Lane = { queue: 'lone', index: 0 }
const store = ownStore('lone', { audited: lane })
const { key, put, sit } = laneCalls(store, lane)

/** How often each command runs meanwhile, in scripts. */
async function callsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
  await store.raw.config('RESETSTAT')
  await work()
  const rows = (await store.raw.info('commandstats')).matchAll(/cmdstat_([^:]+):calls=(\d+)/g)
  const own = new Set(['evalsha', 'eval', 'info', 'config|resetstat', 'ping'])
  return Object.fromEntries([...rows].flatMap(([, name = '', calls]) => (own.has(name) ? [] : [[name, Number(calls)]])))
}
const waiting = () => store.raw.lrange(key('ready'), 0, -1)
const woken = () => store.broker.consumer.waitForWork([lane], AbortSignal.timeout(20_000))

/** A seat that listens, and all that it was handed so far. */
async function listener() {
  const seat = await sit()
  const handed: Reservation[] = []
  let tell = () => {}
  seat.receive?.((reservations) => {
    handed.push(...reservations)
    tell()
  })
  await stand(seat)
  return { seat, handed, next: () => new Promise<void>((resolve) => (tell = resolve)) }
}
/** Runs what waits; resolves once the seat stands at the door. */
async function stand(seat: Seat): Promise<void> {
  for (let reply = await exchange(seat, [], 9); reply.atDoor !== true; )
    reply = await exchange(seat, reply.reservations.map(done), 9)
}

describe('a lone job', () => {
  it('asks Redis six times where others wait', async () => {
    await put('a')
    await put('b')
    expect(await callsOf(() => put('c'))).toEqual({ hmget: 1, exists: 2, hset: 2, rpush: 1 })
    expect(await waiting()).toEqual(['a', 'b', 'c'])
  })

  it('asks Redis nine times where it is handed over', async () => {
    await put('first')
    const { next } = await listener()
    const heard = next()
    const calls = await callsOf(() => put('a'))
    expect(calls).toEqual({ hmget: 1, exists: 1, zpopmin: 1, time: 1, hset: 3, zadd: 1, publish: 1 })
    await heard
  })

  it('wakes who stands at the door of a lane that its session takes for busy; the next one is handed over', async () => {
    await put('a')
    await put('b')
    const { seat, handed, next } = await listener()
    await store.raw.del(key('wake'))
    const wake = woken()
    await put('c')
    expect(await wake).toBe(true)
    expect(await waiting()).toEqual(['c'])
    expect(handed).toEqual([])
    await stand(seat)
    const heard = next()
    await put('d')
    await heard
    expect(ids(handed)).toEqual(['d'])
  })

  it('waits behind a tombstone of a lane that its session takes for busy, which swallows nothing', async () => {
    await put('a')
    await put('b')
    await store.broker.control.cancel({ lane, id: 'b' })
    await put('c')
    await put('b')
    expect(ids((await exchange(await sit(), [], 9)).reservations)).toEqual(['a', 'b', 'c'])
  })

  it('takes the usual way where nobody hears it', async () => {
    await put('first')
    const seat = await sit()
    await exchange(seat, (await exchange(seat, [], 1)).reservations.map(done), 0)
    await store.raw.zadd(key('door'), '1', `60000 ${seat.incarnation}`)
    await store.raw.del(key('wake'))
    await put('a')
    expect(await waiting()).toEqual(['a'])
    expect(await store.raw.llen(key('wake'))).toBe(1)
    expect((await seat.heartbeat()).tokens).toBe(0)
  })
})

it('a lane keeps its meta as a table, however few its sessions are: each call looks up some fields of it', async () => {
  await put('a')
  expect(await store.raw.object('ENCODING', key('meta'))).toBe('hashtable')
})

import type { Lane } from '@millrace/broker'
import { expect, it } from 'vitest'
import { failNext, hasFailed } from '../../test/instrumented-scripts.js'
import { exchange, ids, job, laneCalls } from '../../test/lane-calls.js'
import { ownStore } from '../../test/own-store.js'
import { atDoor } from '../../test/scene-stage.js'
import { LANE_FAMILIES, LAYOUT, lanePrefix } from '../keyspace.js'
import { enqueueScript, helloScript } from '../scripts.generated.js'

const lane: Lane = { queue: 'door', index: 0 }
const store = ownStore('door', { instrumented: true, audited: lane })
const { key, put, sit, sweepFor } = laneCalls(store, lane)

const door = () => store.raw.zrange(key('door'), '0', '-1')
const waiting = () => store.raw.lrange(key('ready'), 0, -1)

it('a seat leaves the door in the step in which its lease ends, whatever it holds', async () => {
  for (const jobs of [1_000, 200]) await put(...Array.from({ length: jobs }, (_, i) => `j${jobs}-${i}`))
  const seat = await sit(1_000)
  for (const want of [1_000, 200]) await exchange(seat, [], want)
  await atDoor(seat)
  expect(await door()).toHaveLength(1)
  // The first step takes back 1,000 of its jobs: it is being reclaimed still.
  while ((await sweepFor(250)) === 0);
  expect(await store.raw.zcard(key('dying'))).toBe(1)
  expect(await door()).toEqual([])
})

it('a seat whose lease has ended is handed nothing more', async () => {
  await atDoor(await sit(1_000))
  await sweepFor(16_000)
  await put('a')
  expect([await waiting(), await door()]).toEqual([['a'], []])
})

it.each([
  ['leaves', (seat: { leave(): Promise<void> }) => seat.leave()],
  ['is reconciled', (seat: { reconcile(tokens: readonly string[]): Promise<unknown> }) => seat.reconcile([])],
])('a seat that %s is handed nothing more', async (_, end) => {
  const seat = await sit()
  await atDoor(seat)
  await end(seat)
  await put('a')
  expect([await waiting(), await door()]).toEqual([['a'], []])
})

it('what was handed to a seat that the store has lost comes back when its lease ends', async () => {
  const seat = await sit(1_000)
  await atDoor(seat)
  await store.raw.del(`${lanePrefix(store.keyspace, lane)}${LANE_FAMILIES.seat}${seat.incarnation}`)
  await put('a')
  expect(await waiting()).toEqual([])
  await expect(exchange(seat, [], 1)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  expect(await sweepFor(4_000)).toBe(1)
  expect(ids((await exchange(await sit(), [], 1)).reservations)).toEqual(['a'])
  expect(await store.broker.fsck?.check(lane)).toMatchObject({ defects: [] })
})

it('a lone job whose hand-over fails leaves the seat where it stood', async () => {
  const [first, second] = [await sit(60_000, 'first'), await sit(60_000, 'second')]
  await atDoor(first)
  await atDoor(second)
  const before = await store.raw.zrange(key('door'), '0', '-1', 'WITHSCORES')
  // A hash in place of the leases: the hand-over fails after it has called the seat.
  await store.raw.rename(key('workers'), 'kept')
  await store.raw.hset(key('workers'), 'x', '1')
  await expect(put(job('a'))).rejects.toThrow('WRONGTYPE')
  await store.raw.del(key('workers'))
  await store.raw.rename('kept', key('workers'))
  expect(await store.raw.zrange(key('door'), '0', '-1', 'WITHSCORES')).toEqual(before)
  expect((await first.heartbeat()).tokens).toBe(0)
  await put('a')
  expect(await door()).toEqual([`60000 ${second.incarnation}`])
})

it('a hand-over that nobody hears and that fails is made good by the same call, sent again', async () => {
  const { incarnation } = await sit()
  const prefix = lanePrefix(store.keyspace, lane)
  const say = (session: string, id: string) =>
    store.raw.eval(enqueueScript.source, 1, prefix, LAYOUT, session, '1', '', '1', id, '[1,"t",{},1]')
  for (let call = 1; ; call++) {
    await store.raw.zadd(key('door'), '1', `60000 ${incarnation}`)
    await store.raw.eval(helloScript.source, 1, prefix, LAYOUT, `s${call}`)
    await failNext(store.raw, 'enqueue', call)
    await say(`s${call}`, `j${call}`).catch(() => {})
    const failed = await hasFailed(store.raw)
    expect(await say(`s${call}`, `j${call}`)).toBe('')
    expect(await waiting()).toEqual([`j${call}`])
    await store.broker.control.purge(lane)
    if (!failed) break
    // All that a hand-over calls, and then the usual way.
    expect(call).toBeLessThan(15)
  }
})

it('what is ordered while nobody could hear it is heard of once the connection is back', async () => {
  const { consumer, control } = store.broker
  let heard = 0
  consumer.hearCommands?.('w1', () => heard++)
  await expect.poll(() => heard).toBe(1)
  await store.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await control.broadcast({ id: 'c', kind: 'quiet' })
  await expect.poll(() => heard).toBeGreaterThan(1)
})

it('an order is given also where publishing is denied', async () => {
  const { consumer, control } = store.broker
  const info = {
    id: 'w1',
    host: 'h',
    pid: 1,
    version: '1',
    queues: [],
    concurrency: 1,
    startedAt: 1,
    running: 0,
  } as const
  await consumer.announce({ ...info, state: 'running' })
  await store.raw.call('ACL', 'SETUSER', 'default', '-publish')
  try {
    await control.broadcast({ id: 'c', kind: 'quiet' })
  } finally {
    await store.raw.call('ACL', 'SETUSER', 'default', '+publish')
  }
  expect(await consumer.announce({ ...info, state: 'running' })).toEqual([{ id: 'c', kind: 'quiet' }])
})

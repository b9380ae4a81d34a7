import type { Seat } from '@millrace/broker'
import { expect, it } from 'vitest'
import { ownStore } from '../../test/own-store.js'
import { laneKey } from '../keyspace.js'

const LANE = { queue: 'awaited', index: 0 }
const store = ownStore('awaited')

const ref = (id: string) => ({ lane: LANE, id })
const awaited = (id: string) => ({ id, message: `[1,"t","${id}",1]`, awaited: true as const })
const registered = () => store.raw.hkeys(laneKey(store.keyspace, LANE, 'waiters'))

/** Takes all that is ready and lets it succeed. */
async function settle(seat: Seat): Promise<void> {
  const { reservations } = await seat.exchange({ settlements: [], want: 100, empty: false })
  const settlements = reservations.map((reservation) => ({
    reservation,
    verdict: { kind: 'succeed' as const, outputJson: `"${reservation.id}"`, keepMs: 0 },
  }))
  await seat.exchange({ settlements, want: 0, empty: false })
}

it('a process that listens is registered by the enqueue itself, and asks nobody', async () => {
  const seat = await store.broker.consumer.join(LANE, { id: 'w', leaseMs: 60_000 })
  await store.broker.producer.enqueue(LANE, [awaited('before')])
  expect(await registered()).toEqual([])
  expect(await store.broker.results.wait(ref('nobody'))).toBe('gone')
  await store.broker.producer.enqueue(LANE, [awaited('a'), awaited('b')])
  expect(await registered()).toEqual(['a', 'b'])
  const early = store.broker.results.wait(ref('a'))
  await settle(seat)
  expect(await early).toEqual({ state: 'succeeded', outputJson: '"a"' })
  // Where no result is kept it is kept for whoever is registered, and told before he waits.
  expect(await store.broker.results.wait(ref('b'))).toEqual({ state: 'succeeded', outputJson: '"b"' })
  expect(await registered()).toEqual([])
})

it('one job among them that is not awaited leaves them all to their waits', async () => {
  await store.broker.results.wait(ref('nobody'))
  await store.broker.producer.enqueue(LANE, [awaited('a'), { id: 'b', message: '[1,"t",1,1]' }])
  expect(await registered()).toEqual([])
})

it('what was told while the connection was lost is read', async () => {
  const seat = await store.broker.consumer.join(LANE, { id: 'w', leaseMs: 60_000 })
  await store.broker.results.wait(ref('nobody'))
  await store.broker.producer.enqueue(LANE, [awaited('a')])
  await store.raw.call('client', 'kill', 'type', 'pubsub')
  await settle(seat)
  expect(await store.broker.results.wait(ref('a'), { timeoutMs: 20_000 })).toEqual({
    state: 'succeeded',
    outputJson: '"a"',
  })
})

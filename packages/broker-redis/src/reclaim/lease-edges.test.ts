import type { Lane } from '@millrace/broker'
import { describe, expect, it } from 'vitest'
import { advanceClock } from '../../test/instrumented-scripts.js'
import { exchange, job, laneCalls } from '../../test/lane-calls.js'
import { ownStore } from '../../test/own-store.js'
import { lanePrefix } from '../keyspace.js'

const lane: Lane = { queue: 'edge', index: 0 }
const store = ownStore('edges', { instrumented: true, audited: lane })
const { key, put, sit, sweepFor } = laneCalls(store, lane)

describe('a lease', () => {
  it('survives a frozen store even when another worker is the first to speak', async () => {
    await put('a', 'b')
    const [one, two] = [await sit(2_000, 'one'), await sit(2_000, 'two')]
    await exchange(one, [], 1)
    await exchange(two, [], 1)
    await advanceClock(store.raw, 30_000)
    await one.heartbeat()
    expect((await store.broker.dispatch.reclaimExpired(lane, 1)).reclaimed).toBe(0)
    await two.heartbeat()
    expect(await sweepFor(5_000)).toBe(2)
  })

  it('of a dead worker ends though the dispatcher is slow', async () => {
    await put('a')
    await exchange(await sit(1_000), [], 1)
    let reclaimed = 0
    for (let i = 0; i < 8; i++) {
      await advanceClock(store.raw, 1_500)
      reclaimed += (await store.broker.dispatch.reclaimExpired(lane, 1)).reclaimed
    }
    expect(reclaimed).toBe(1)
  })

  it('of a seat that holds nothing outlives the poll of an idle worker, whoever spoke last', async () => {
    const seat = await sit(1_000)
    await sweepFor(10_000)
    await seat.heartbeat()
    await sweepFor(10_000)
    await exchange(seat, [], 1)
    await sweepFor(16_000)
    await expect(exchange(seat, [], 1)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  it('is lost, not stuck, when the store has lost the last exchange', async () => {
    await put('a', 'b')
    const seat = await sit(1_000)
    await exchange(seat, [], 1)
    await exchange(seat, [], 1)
    const [name] = await store.raw.keys(`${lanePrefix(store.keyspace, lane)}seat:*`)
    await store.raw.hset(name as string, 'a', '0  ')
    await expect(exchange(seat, [], 1)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await sweepFor(4_000)).toBe(2)
  })

  it('given up keeps its at-most-once job among the failed, and counts it', async () => {
    await put(job('a', { atMostOnce: true }))
    const seat = await sit()
    await exchange(seat, [], 1)
    await seat.leave()
    expect(await store.broker.inspect.counts(lane)).toMatchObject({ failed: 1, failedEver: 1, running: 0 })
  })

  it('keeps the ticket of the seat that runs dry for a job that must run alone', async () => {
    await put('poison')
    for (const worker of ['x', 'y']) {
      const seat = await sit(1_000, worker)
      for (const held of (await exchange(seat, [], 1)).reservations) await seat.begin(held)
      await sweepFor(4_000)
    }
    await put('a', 'b', 'c')
    const [one, two] = [await sit(10_000, 'one'), await sit(10_000, 'two')]
    // A seat is handed such a job once it is one lease old.
    await advanceClock(store.raw, 10_000)
    await store.raw.lpop(key('solo'))
    await exchange(one, [], 1)
    await store.raw.rpush(key('solo'), 'poison')
    expect((await exchange(one, [], 1)).drain).toBe(true)
    for (let i = 0; i < 10; i++) {
      await advanceClock(store.raw, 5_000)
      await one.heartbeat()
    }
    expect(await exchange(two, [], 1)).toMatchObject({ drain: false })
    expect((await exchange(one, [], 1)).drain).toBe(true)
  })
})

import { SUCCEEDED } from '@millrace/core'
import { expect, it } from 'vitest'
import { openMemoryBroker } from './index.js'

const LANE = { queue: 'work', index: 0 }
const JOB = { id: 'a', message: '[1,"t",{},1]' }
const LEADER = { candidate: 'c', host: 'h', pid: 1 }

function manualClock() {
  const clock = { at: 1_700_000_000_000, now: () => clock.at, monotonic: () => clock.at }
  return clock
}

it('shares one store per app and prefix, and drops it with the last broker', async () => {
  const [first, second] = [openMemoryBroker({ app: 'shared' }), openMemoryBroker({ app: 'shared' })]
  const elsewhere = openMemoryBroker({ app: 'shared', prefix: 'other' })
  await first.producer.enqueue(LANE, [JOB])
  expect((await second.inspect.counts(LANE)).ready).toBe(1)
  expect((await elsewhere.inspect.counts(LANE)).ready).toBe(0)
  await first.close()
  await first.close()
  expect((await second.inspect.counts(LANE)).ready).toBe(1)
  await second.close()
  const third = openMemoryBroker({ app: 'shared' })
  expect((await third.inspect.counts(LANE)).ready).toBe(0)
  await Promise.all([third.close(), elsewhere.close()])
})

it('lets a manual clock move delays and leases', async () => {
  const clock = manualClock()
  await using broker = disposable(openMemoryBroker({ app: 'clock', clock }))
  const { producer, consumer, dispatch } = broker.ports
  const epoch = await dispatch.mintEpoch(0, LEADER)
  await producer.enqueue(LANE, [{ ...JOB, attrs: { delayMs: 10_000 } }])
  clock.at += 9_999
  expect((await dispatch.promoteDue(LANE, epoch)).promoted).toBe(0)
  clock.at += 1
  expect((await dispatch.promoteDue(LANE, epoch)).promoted).toBe(1)
  const seat = await consumer.join(LANE, { id: 'w', leaseMs: 5_000 })
  expect((await seat.exchange({ settlements: [], want: 1, empty: true })).reservations.length).toBe(1)
  clock.at += 4_999
  expect((await dispatch.reclaimExpired(LANE, epoch)).reclaimed).toBe(0)
  clock.at += 1
  expect((await dispatch.reclaimExpired(LANE, epoch)).reclaimed).toBe(1)
})

it('gives every lease one full length after a long silence, once', async () => {
  const clock = manualClock()
  await using broker = disposable(openMemoryBroker({ app: 'silence', clock }))
  const { producer, consumer, dispatch } = broker.ports
  const epoch = await dispatch.mintEpoch(0, LEADER)
  await producer.enqueue(LANE, [JOB, { ...JOB, id: 'b' }])
  const take = async (id: string) => {
    const seat = await consumer.join(LANE, { id, leaseMs: 5_000 })
    const { reservations } = await seat.exchange({ settlements: [], want: 1, empty: true })
    return { seat, reservations }
  }
  const dead = await take('dead')
  const alive = await take('alive')
  clock.at += 60_000
  expect((await dispatch.reclaimExpired(LANE, epoch)).reclaimed).toBe(0)
  const settlements = alive.reservations.map((reservation) => ({ reservation, verdict: SUCCEEDED }))
  expect((await alive.seat.exchange({ settlements, want: 0, empty: true })).lost).toEqual([])
  clock.at += 60_000
  expect((await dispatch.reclaimExpired(LANE, epoch)).reclaimed).toBe(1)
  await expect(dead.seat.heartbeat()).rejects.toMatchObject({ code: 'LEASE_LOST' })
})

it('ends what waits when it is closed', async () => {
  const broker = openMemoryBroker({ app: 'closing' })
  const other = openMemoryBroker({ app: 'closing' })
  await broker.producer.enqueue(LANE, [JOB])
  await broker.consumer.waitForWork([LANE], new AbortController().signal)
  const work = broker.consumer.waitForWork([LANE], new AbortController().signal)
  const refused = { code: 'BROKER_UNAVAILABLE' }
  const result = broker.results.wait({ lane: LANE, id: 'a' }).catch((error: unknown) => error)
  await broker.close()
  expect(await work).toBe(false)
  expect(await result).toMatchObject(refused)
  await expect(broker.inspect.counts(LANE)).rejects.toMatchObject(refused)
  expect((await other.inspect.counts(LANE)).ready).toBe(1)
  await other.close()
})

it('checks a batch before anything is written', async () => {
  await using broker = disposable(openMemoryBroker({ app: 'checks' }))
  const { producer, inspect } = broker.ports
  const bad = [
    { ...JOB, id: '' },
    { ...JOB, attrs: { priority: 101 } },
    { ...JOB, attrs: { waitsFor: 0 } },
    { ...JOB, attrs: { delayMs: -1 } },
    { ...JOB, message: 'x'.repeat(5 * 1024 * 1024) },
  ]
  for (const job of bad) {
    await expect(producer.enqueue(LANE, [{ ...JOB, id: 'good' }, job])).rejects.toBeInstanceOf(Error)
  }
  expect((await inspect.counts(LANE)).ready).toBe(0)
  expect(await inspect.lanes()).toEqual([])
})

function disposable(ports: ReturnType<typeof openMemoryBroker>) {
  return { ports, [Symbol.asyncDispose]: () => ports.close() }
}

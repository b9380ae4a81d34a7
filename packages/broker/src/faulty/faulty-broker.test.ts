import { expect, it } from 'vitest'
import { until } from '../conformance/until.js'
import type { Broker } from '../ports/broker.js'
import { faultyBroker } from './faulty-broker.js'

const LANE = { queue: 'q', index: 0 }
const BATCH = [{ id: 'a', message: '[]' }]

/** Only what is called here; counts what is really done. */
function stub() {
  const done = { enqueue: 0, exchange: 0 }
  const seat = {
    lane: LANE,
    exchange: async () => {
      done.exchange += 1
      return 'reply'
    },
  }
  const broker = {
    kind: 'stub',
    shared: true,
    producer: {
      enqueue: async () => {
        done.enqueue += 1
        return [{ kind: 'accepted' }]
      },
    },
    consumer: {
      join: async () => seat,
      waitForWork: async () => true,
      heartbeatModule: () => ({ url: 'x', options: {} }),
    },
    dispatch: {},
    results: {},
    control: {},
    inspect: {},
    signIns: {},
  } as unknown as Broker
  return { done, broker: faultyBroker(broker) }
}

it('passes calls through and counts them', async () => {
  const { broker, done } = stub()
  expect(await broker.producer.enqueue(LANE, BATCH)).toEqual([{ kind: 'accepted' }])
  expect([done.enqueue, broker.faults.calls('producer.enqueue')]).toEqual([1, 1])
  expect(broker.consumer.heartbeatModule()).toBeUndefined()
})

it('refuses as often as told, and does nothing then', async () => {
  const { broker, done } = stub()
  broker.faults.inject('producer.enqueue', 'refuse', 2)
  for (const _ of [1, 2]) {
    await expect(broker.producer.enqueue(LANE, BATCH)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
  }
  expect(done.enqueue).toBe(0)
  await broker.producer.enqueue(LANE, BATCH)
  expect(done.enqueue).toBe(1)
})

it('loses the reply of a call that was done', async () => {
  const { broker, done } = stub()
  const seat = await broker.consumer.join(LANE, { id: 'w', leaseMs: 1 })
  broker.faults.inject('seat.exchange', 'lose-reply')
  const request = { settlements: [], want: 1, empty: true }
  await expect(seat.exchange(request)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(done.exchange).toBe(1)
  expect(await seat.exchange(request)).toBe('reply')
})

it('hangs until cleared, then does the call', async () => {
  const { broker, done } = stub()
  broker.faults.inject('producer.enqueue', 'hang')
  const call = broker.producer.enqueue(LANE, BATCH)
  await until('the call to hang', () => broker.faults.hanging('producer.enqueue') === 1)
  expect(done.enqueue).toBe(0)
  broker.faults.clear('producer.enqueue')
  expect(await call).toEqual([{ kind: 'accepted' }])
  expect([done.enqueue, broker.faults.hanging('producer.enqueue')]).toEqual([1, 0])
})

it('ends a hanging call by its timeout and by its signal', async () => {
  const { broker, done } = stub()
  broker.faults.inject('producer.enqueue', 'hang', 2)
  await expect(broker.producer.enqueue(LANE, BATCH, { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'BROKER_UNAVAILABLE',
  })
  const stop = new AbortController()
  const call = broker.producer.enqueue(LANE, BATCH, { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(call).rejects.toThrow('enough')
  expect(done.enqueue).toBe(0)
  broker.faults.inject('producer.enqueue', 'hang-reply')
  await expect(broker.producer.enqueue(LANE, BATCH, { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'OUTCOME_UNKNOWN',
  })
  expect([done.enqueue, broker.faults.hanging('producer.enqueue')]).toEqual([1, 0])
})

import type { Broker } from '@millrace/broker'
import { BrokerUnavailableError, MAX_BATCH_BYTES, OutcomeUnknownError } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { RecordingProducer } from '../../test/recording-broker.js'
import { jobWeight } from './job-weight.js'
import { LaneBatcher } from './lane-batcher.js'
import { SendBuffer } from './send-buffer.js'
import { packShipments } from './shipment.js'

const lane = { queue: 'q', index: 0 }
const job = (id: string, message = `[1,"t",${id},0]`) => ({ id, message })
const one = (id: string, message?: string) => {
  const single = job(id, message)
  return { jobs: [single], bytes: jobWeight(single) }
}
const setup = (limits = { maxJobs: 10_000, maxBytes: 1e9 }) => {
  const producer = new RecordingProducer()
  return {
    producer,
    batcher: new LaneBatcher(lane, { get: () => ({ producer }) as unknown as Broker }, new SendBuffer(limits)),
  }
}
/** The producer's calls wait until they are let go, one by one. */
const gated = (producer: RecordingProducer) => {
  const gates: (() => void)[] = []
  const accept = producer.answer
  producer.answer = async (call) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gates.push(resolve)
    await promise
    return accept(call)
  }
  return gates
}
const ids = (producer: RecordingProducer) => producer.calls.map((call) => call.jobs.map(({ id }) => id))
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('LaneBatcher', () => {
  it('sends a lone job within the tick', async () => {
    const { producer, batcher } = setup()
    const sent = batcher.send(one('1'))
    await Promise.resolve()
    await Promise.resolve()
    expect(producer.calls).toHaveLength(1)
    expect(await sent).toEqual([{ kind: 'accepted' }])
  })

  it('takes what one tick brings in one call', async () => {
    const { producer, batcher } = setup()
    await Promise.all(['1', '2', '3'].map((id) => batcher.send(one(id))))
    expect(ids(producer)).toEqual([['1', '2', '3']])
  })

  it('has one call in flight; what arrives meanwhile travels in the next', async () => {
    const { producer, batcher } = setup()
    const gates = gated(producer)
    const sent = [batcher.send(one('1'))]
    await turn()
    sent.push(batcher.send(one('2')), batcher.send(one('3')))
    await turn()
    expect(ids(producer)).toEqual([['1']])
    gates.shift()?.()
    await sent[0]
    await turn()
    gates.shift()?.()
    await Promise.all(sent)
    expect(ids(producer)).toEqual([['1'], ['2', '3']])
    expect(producer.maxInFlight).toBe(1)
  })

  it('gives each shipment its own answers', async () => {
    const { producer, batcher } = setup()
    producer.answer = ({ jobs }) => jobs.map(({ id }) => ({ kind: 'conflict', holder: `holder of ${id}` }))
    const [first, second] = await Promise.all([
      batcher.send({ jobs: [job('1'), job('2')], bytes: 99 }),
      batcher.send(one('3')),
    ])
    expect(first).toEqual([
      { kind: 'conflict', holder: 'holder of 1' },
      { kind: 'conflict', holder: 'holder of 2' },
    ])
    expect(second).toEqual([{ kind: 'conflict', holder: 'holder of 3' }])
  })

  it('keeps a call within 1,000 jobs', async () => {
    const { producer, batcher } = setup()
    await Promise.all(Array.from({ length: 2_500 }, (_, i) => batcher.send(one(String(i)))))
    expect(producer.calls.map((call) => call.jobs.length)).toEqual([1_000, 1_000, 500])
  })

  it('keeps a call within the bytes of a batch', async () => {
    const { producer, batcher } = setup()
    const big = 'é'.repeat(MAX_BATCH_BYTES / 8)
    await Promise.all(['1', '2', '3', '4', '5', '6', '7'].map((id) => batcher.send(one(id, big))))
    expect(producer.calls.map((call) => call.jobs.length)).toEqual([3, 3, 1])
  })

  it('refuses what the buffer does not hold, and takes more once it has room', async () => {
    const { producer, batcher } = setup({ maxJobs: 2, maxBytes: 1e9 })
    const gates = gated(producer)
    const flying = batcher.send(one('1'))
    await turn()
    const waiting = [batcher.send(one('2')), batcher.send(one('3'))]
    await expect(batcher.send(one('4'))).rejects.toThrow(BrokerUnavailableError)
    await expect(batcher.send(one('5'))).rejects.toThrow(/send buffer .* 2 jobs/)
    gates.shift()?.()
    await flying
    await turn()
    const late = batcher.send(one('6'))
    gates.shift()?.()
    await Promise.all(waiting)
    await turn()
    gates.shift()?.()
    await late
    expect(ids(producer)).toEqual([['1'], ['2', '3'], ['6']])
  })

  it('refuses by bytes, too', async () => {
    const { batcher } = setup({ maxJobs: 10, maxBytes: 100 })
    await expect(batcher.send(one('1', 'x'.repeat(1_000)))).rejects.toThrow(BrokerUnavailableError)
  })

  it('rejects every shipment of a failed call, and goes on', async () => {
    const { producer, batcher } = setup()
    const accept = producer.answer
    producer.answer = () => Promise.reject(new BrokerUnavailableError({ what: 'gone' }))
    const results = await Promise.allSettled([batcher.send(one('1')), batcher.send(one('2'))])
    expect(
      results.map((result) => result.status === 'rejected' && result.reason instanceof BrokerUnavailableError),
    ).toEqual([true, true])
    producer.answer = accept
    expect(await batcher.send(one('3'))).toEqual([{ kind: 'accepted' }])
  })

  it('tells each caller of its own ids where the outcome is unknown', async () => {
    const { producer, batcher } = setup()
    producer.answer = ({ jobs }) =>
      Promise.reject(new OutcomeUnknownError({ what: 'enqueue', ids: jobs.map(({ id }) => id) }))
    const results = await Promise.allSettled([batcher.send(one('1')), batcher.send(one('2'))])
    expect(results).toMatchObject([{ reason: { ids: ['1'] } }, { reason: { ids: ['2'] } }])
  })

  it('is idle when nothing waits and nothing is in flight', async () => {
    const { producer, batcher } = setup()
    await batcher.idle()
    void batcher.send(one('1'))
    await batcher.idle()
    expect(producer.calls).toHaveLength(1)
    expect(producer.inFlight).toBe(0)
  })
})

describe('packShipments', () => {
  it('packs in order within both bounds', () => {
    const jobs = Array.from({ length: 2_001 }, (_, i) => job(String(i)))
    const shipments = packShipments(jobs)
    expect(shipments.map((shipment) => shipment.jobs.length)).toEqual([1_000, 1_000, 1])
    expect(shipments.flatMap((shipment) => shipment.jobs)).toEqual(jobs)
    expect(packShipments([])).toEqual([])
  })
})

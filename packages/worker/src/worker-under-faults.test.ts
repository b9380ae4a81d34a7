import type { Broker } from '@millrace/broker'
import { type FaultyBroker, faultyBroker } from '@millrace/broker/faulty'
import { openMemoryBroker } from '@millrace/broker-memory'
import { encodeMessage, generateJobId } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { until, WorkerScene } from '../test/worker-scene.js'

const LANE = { queue: 'default', index: 0 }
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function scene(
  options = {},
): Promise<{ scene: WorkerScene; faulty: FaultyBroker; inner: Broker; runs: Map<string, number> }> {
  const inner = openMemoryBroker({ app: `faults-${generateJobId(0)}` })
  const faulty = faultyBroker(inner)
  const made = new WorkerScene()
  const runs = new Map<string, number>()
  made.task('count', async (_input, ctx) => {
    runs.set(ctx.jobId, (runs.get(ctx.jobId) ?? 0) + 1)
  })
  closing.push(
    () => inner.close(),
    () => made.close(),
  )
  await made.started({ lease: '2s', ...options }, { broker: async () => faulty })
  return { scene: made, faulty, inner, runs }
}

async function enqueue(broker: Broker, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => generateJobId(0))
  for (let from = 0; from < count; from += 500) {
    const jobs = ids.slice(from, from + 500).map((id) => ({ id, message: encodeMessage('count', '{}', Date.now()) }))
    await broker.producer.enqueue(LANE, jobs)
  }
  return ids
}

describe('a worker on the memory broker', () => {
  it('runs each of 5,000 jobs once', async () => {
    const { inner, runs } = await scene()
    const ids = await enqueue(inner, 5_000)
    await until('all ran', () => runs.size === ids.length)
    let counts = await inner.inspect.counts(LANE)
    await until('all settled', () => {
      void inner.inspect.counts(LANE).then((now) => (counts = now))
      return counts.succeeded === ids.length
    })
    expect([...runs.values()].every((times) => times === 1)).toBe(true)
    expect(counts).toMatchObject({ ready: 0, running: 0, failed: 0, crashed: 0 })
  })

  it('loses none of 1,000 jobs to refused calls and lost replies', async () => {
    const { scene: made, faulty, inner, runs } = await scene({ concurrency: 20 })
    for (let round = 0; round < 6; round += 1) {
      faulty.faults.inject('seat.exchange', round % 2 === 0 ? 'lose-reply' : 'refuse', 1 + (round % 3))
      await enqueue(inner, 150)
      await until(`round ${round} ran`, () => runs.size === (round + 1) * 150)
    }
    await enqueue(inner, 100)
    let counts = await inner.inspect.counts(LANE)
    await until('all settled', () => {
      void inner.inspect.counts(LANE).then((now) => (counts = now))
      return counts.succeeded === 1_000 && counts.running === 0
    })
    expect(counts).toMatchObject({ ready: 0, failed: 0, crashed: 0 })
    expect(made.kinds()).toContain('broker-up')
  })
})

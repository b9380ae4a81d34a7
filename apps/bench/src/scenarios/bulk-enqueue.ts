import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'

const JOBS = 100_000
const BATCH = 1_000

/** W1: one producer, batches of 1,000, each awaited. A worker drains afterwards, for the proof of delivery. */
function bulkEnqueueWith(own: { name: string; summary: string; aof: boolean }): Scenario {
  return {
    name: own.name,
    summary: own.summary,
    figures: [JOBS_PER_SECOND],
    measure: ({ rival, count }) =>
      Stage.with({ rival: rival.name, aof: own.aof }, async (stage) => {
        const jobs = count(JOBS)
        const producer = await stage.startProducer('noop', { bulk: true })
        const span = await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1 })
        await producer.kill()
        const workers = await stage.startWorkers(1, { kind: 'noop', jobs })
        await awaitDrain(stage, workers, { jobs })
        return { values: { '': (jobs / (span.endedAt - span.startedAt)) * 1000 } }
      }),
  }
}

export const bulkEnqueue = bulkEnqueueWith({
  name: 'bulk-enqueue',
  summary: 'W1: 100,000 jobs in batches of 1,000',
  aof: false,
})
export const aofBulk = bulkEnqueueWith({
  name: 'aof-bulk',
  summary: 'W1 with an append-only file, flushed every second',
  aof: true,
})

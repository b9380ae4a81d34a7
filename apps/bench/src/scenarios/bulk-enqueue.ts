import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Measured, type Scenario, type Trial } from '../scenario.js'

const JOBS = 100_000
const BATCH = 1_000

export const bulkEnqueue: Scenario = {
  name: 'bulk-enqueue',
  summary: 'W1: 100,000 jobs in batches of 1,000',
  figures: [JOBS_PER_SECOND],
  measure: (trial) => Stage.with(trial, (stage) => measure(stage, trial)),
}
export const aofBulk: Scenario = {
  name: 'aof-bulk',
  base: 'bulk-enqueue',
  summary: 'W1 with an append-only file, flushed every second',
  figures: [JOBS_PER_SECOND],
  measure: (trial) => Stage.with(trial, (stage) => measure(stage, trial), { aof: true }),
}

/** W1: one producer, batches of 1,000, each awaited. A worker drains afterwards, for the proof of delivery. */
async function measure(stage: Stage, trial: Trial): Promise<Measured> {
  const jobs = trial.count(JOBS)
  const producer = await stage.startProducer('noop', { bulk: true })
  const span = await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1 })
  await producer.kill()
  const workers = await stage.startWorkers(1, { kind: 'noop', jobs })
  await awaitDrain(stage, workers, { jobs })
  return { values: { '': (jobs / (span.endedAt - span.startedAt)) * 1000 } }
}

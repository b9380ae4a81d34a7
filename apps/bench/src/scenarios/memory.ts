import { VoidFigure } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import type { Figure, Scenario } from '../scenario.js'

const JOBS = 100_000
const WARM_UP = 1_000
const BATCH = 1_000
const PAYLOAD_BYTES = 100
const HOUR_MS = 3_600_000

const BYTES_PER_JOB: Figure = { key: '', unit: 'bytes/job', better: 'lower' }

/** W5: what the store's memory grows by per waiting job. A worker drains afterwards, for the proof of delivery. */
export const memoryWaiting: Scenario = {
  name: 'memory-waiting',
  summary: 'W5: bytes of Redis per waiting job with a 100-byte payload',
  figures: [BYTES_PER_JOB],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const measured = trial.count(JOBS)
      const jobs = WARM_UP + measured
      const producer = await stage.startProducer('noop', { bulk: true, padded: true })
      const range = { bytes: PAYLOAD_BYTES, batch: BATCH, queues: 1 }
      await producer.enqueueBulk({ ...range, from: 0, to: WARM_UP })
      const before = await stage.usedMemory()
      await producer.enqueueBulk({ ...range, from: WARM_UP, to: jobs })
      const after = await stage.usedMemory()
      await producer.kill()
      const workers = await stage.startWorkers(1, { kind: 'noop', jobs, padded: true })
      await awaitDrain(stage, workers, { jobs })
      return { values: { '': (after - before) / measured } }
    }),
}

/** The same for jobs that are due in an hour. They must not run: the store must say that they all wait for their time. */
export const memoryDelayed: Scenario = {
  name: 'memory-delayed',
  summary: 'bytes of Redis per delayed job with a 100-byte payload',
  figures: [BYTES_PER_JOB],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const measured = trial.count(JOBS)
      const jobs = WARM_UP + measured
      const producer = await stage.startProducer('noop', { bulk: true, padded: true })
      const range = { bytes: PAYLOAD_BYTES, batch: BATCH, queues: 1, at: Date.now() + HOUR_MS }
      await producer.enqueueBulk({ ...range, from: 0, to: WARM_UP })
      const before = await stage.usedMemory()
      await producer.enqueueBulk({ ...range, from: WARM_UP, to: jobs })
      const after = await stage.usedMemory()
      const { waiting, delayed } = await producer.counts({})
      if (waiting === 0 && delayed === jobs) return { values: { '': (after - before) / measured } }
      throw new VoidFigure(`of ${jobs} delayed jobs the store has ${delayed} delayed and ${waiting} ready`)
    }),
}

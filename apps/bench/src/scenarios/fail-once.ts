import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails, drainRate } from './drain-details.js'

const JOBS = 10_000
const BATCH = 1_000

/** W7: every first attempt throws, every second returns, no delay between. Jobs per second, not attempts. */
export const failOnce: Scenario = {
  name: 'fail-once',
  summary: 'W7: 10,000 jobs that fail once and are retried at once',
  figures: [JOBS_PER_SECOND],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const jobs = trial.count(JOBS)
      const producer = await stage.startProducer('fail-once', { bulk: true })
      await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1 })
      await producer.kill()
      const workers = await stage.startWorkers(1, { kind: 'fail-once', jobs })
      const drained = await awaitDrain(stage, workers, { jobs, runsEach: 2 })
      return { values: { '': drainRate(jobs, drained) }, details: drainDetails(drained) }
    }),
}

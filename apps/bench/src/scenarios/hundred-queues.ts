import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails, drainRate } from './drain-details.js'

const JOBS = 100_000
const QUEUES = 100

/** W3 over 100 queues that hold the same number of jobs, all served by one worker process. */
export const hundredQueues: Scenario = {
  name: 'hundred-queues',
  summary: '100,000 waiting jobs in 100 queues, one worker process for all',
  figures: [JOBS_PER_SECOND],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const batch = Math.ceil(trial.count(JOBS) / QUEUES)
      const jobs = batch * QUEUES
      const producer = await stage.startProducer('noop', { bulk: true, queues: QUEUES })
      await producer.enqueueBulk({ from: 0, to: jobs, batch, queues: QUEUES })
      await producer.kill()
      const workers = await stage.startWorkers(1, { kind: 'noop', jobs, queues: QUEUES })
      const drained = await awaitDrain(stage, workers, { jobs })
      return { values: { '': drainRate(jobs, drained) }, details: drainDetails(drained) }
    }),
}

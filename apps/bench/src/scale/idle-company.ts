import { NotOffered } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { MILLRACE } from '../rivals/catalogue.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails, drainRate } from '../scenarios/drain-details.js'

const JOBS = 200_000
const BATCH = 1_000
/** Idle workers share processes, so that what is measured is their cost for the store, not for this machine's memory. */
const PER_PROCESS = 250

/** One worker drains while so many others are connected, with a seat and a heartbeat each, and have nothing to do. */
export function idleCompany(idle: number): Scenario {
  return {
    name: `scale/idle-workers-${idle}`,
    summary: `drain rate of one worker beside ${idle.toLocaleString('en-US')} idle ones`,
    figures: [JOBS_PER_SECOND],
    measure: async (trial) => {
      if (trial.rival.name !== MILLRACE) throw new NotOffered('idle workers are simulated for Millrace only')
      return await Stage.with(trial, async (stage) => {
        const jobs = trial.count(JOBS)
        await stage.startIdleWorkers(idle, PER_PROCESS)
        const producer = await stage.startProducer('noop', { bulk: true })
        await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1 })
        await producer.kill()
        const workers = await stage.startWorkers(1, { kind: 'noop', jobs })
        const drained = await awaitDrain(stage, workers, { jobs })
        return { values: { '': drainRate(jobs, drained) }, details: drainDetails(drained) }
      })
    },
  }
}

import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails } from '../scenarios/drain-details.js'
import { enqueueAll } from './enqueue-all.js'
import { jobsForWarmDrain, warmDrain } from './warm-drain.js'

const PAYLOAD_BYTES = 100
const FEWEST = 10_000

export const waitingName = (waiting: number) => `scale/waiting-${waiting}`

/** What so many waiting jobs take, and the rate of a warm worker while never fewer wait. All are drained in the end. */
export function waitingJobs(waiting: number): Scenario {
  return {
    name: waitingName(waiting),
    summary: `drain rate of a warm worker above ${waiting.toLocaleString('en-US')} waiting jobs, and bytes of Redis per job`,
    ...(waiting === FEWEST ? {} : { base: waitingName(FEWEST) }),
    figures: [JOBS_PER_SECOND, { key: 'memory', unit: 'bytes/job', better: 'lower' }],
    measure: (trial) =>
      Stage.with(trial, async (stage) => {
        const remaining = trial.count(waiting)
        const jobs = jobsForWarmDrain(trial, remaining)
        const producer = await stage.startProducer('noop', { bulk: true, padded: true })
        const empty = await stage.usedMemory()
        await enqueueAll(stage, producer, { from: 0, to: remaining, bytes: PAYLOAD_BYTES })
        const memory = ((await stage.usedMemory()) - empty) / remaining
        await enqueueAll(stage, producer, { from: remaining, to: jobs, bytes: PAYLOAD_BYTES })
        await producer.kill()
        const { rate, drained } = await warmDrain(stage, trial, { jobs, padded: true })
        return { values: { '': rate, memory }, details: drainDetails(drained) }
      }),
  }
}

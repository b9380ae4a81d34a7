import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails } from '../scenarios/drain-details.js'
import { enqueueAll } from './enqueue-all.js'
import { jobsForWarmDrain, warmDrain } from './warm-drain.js'

const PAYLOAD_BYTES = 100
/** Enqueued before memory is read: what a lane needs once is not told of its jobs. */
const FIRST = 1_000
const FEWEST = 10_000

export const waitingName = (waiting: number) => `scale/waiting-${waiting}`

/** What so many waiting jobs take, and the rate of a warm worker: until none waits, and while never fewer do. */
export function waitingJobs(waiting: number): Scenario {
  return {
    name: waitingName(waiting),
    summary: `drain rate of a warm worker from ${waiting.toLocaleString('en-US')} waiting jobs and more, and bytes of Redis per job`,
    ...(waiting === FEWEST ? {} : { base: waitingName(FEWEST) }),
    figures: [
      JOBS_PER_SECOND,
      { ...JOBS_PER_SECOND, key: 'at-the-top' },
      { key: 'memory', unit: 'bytes/job', better: 'lower' },
    ],
    measure: (trial) =>
      Stage.with(trial, async (stage) => {
        const remaining = trial.count(waiting)
        const first = trial.count(FIRST)
        const seen = first + remaining
        const jobs = jobsForWarmDrain(trial, seen)
        const producer = await stage.startProducer('noop', { bulk: true, padded: true })
        const bytes = PAYLOAD_BYTES
        await enqueueAll(stage, producer, { from: 0, to: first, bytes })
        const before = await stage.usedMemory()
        await enqueueAll(stage, producer, { from: first, to: seen, bytes })
        const memory = ((await stage.usedMemory()) - before) / remaining
        await enqueueAll(stage, producer, { from: seen, to: jobs, bytes })
        await producer.kill()
        const { rate, topRate, drained } = await warmDrain(stage, trial, { jobs, padded: true })
        return { values: { '': rate, 'at-the-top': topRate, memory }, details: drainDetails(drained) }
      }),
  }
}

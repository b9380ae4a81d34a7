import { VoidFigure } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails } from '../scenarios/drain-details.js'

const MEASURED = 100_000
/** Drained before the clock starts: a young process is slow. */
const WARM_UP = 20_000
const BATCH = 1_000
const PAYLOAD_BYTES = 100

/** The drain rate while never fewer than `waiting` jobs wait, and what each of them takes. All are drained in the end. */
export function waitingJobs(waiting: number): Scenario {
  return {
    name: `scale/waiting-${waiting}`,
    summary: `drain rate above ${waiting.toLocaleString('en-US')} waiting jobs, and bytes of Redis per job`,
    figures: [JOBS_PER_SECOND, { key: 'memory', unit: 'bytes/job', better: 'lower' }],
    measure: (trial) =>
      Stage.with(trial, async (stage) => {
        const warm = trial.count(WARM_UP)
        const measured = trial.count(MEASURED)
        const jobs = warm + measured + trial.count(waiting)
        const producer = await stage.startProducer('noop', { bulk: true, padded: true })
        const before = await stage.usedMemory()
        await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1, bytes: PAYLOAD_BYTES })
        const after = await stage.usedMemory()
        await producer.kill()
        const marks = [warm, warm + measured]
        const workers = await stage.startWorkers(1, { kind: 'noop', jobs, padded: true, marks })
        const drained = await awaitDrain(stage, workers, { jobs })
        const [from, to] = drained.snapshots[0]?.markTimes ?? []
        if (from === undefined || to === undefined) throw new VoidFigure('the worker kept no times of its marks')
        return {
          values: { '': (measured / (to - from)) * 1000, memory: (after - before) / jobs },
          details: drainDetails(drained),
        }
      }),
  }
}

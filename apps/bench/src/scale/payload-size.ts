import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails, drainRate } from '../scenarios/drain-details.js'

const MAX_BATCH = 1_000
/** Of one call, as a user would bound it. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024

/** Bulk enqueue and drain with payloads of one size. */
export function payloadSize(own: { label: string; bytes: number; jobs: number }): Scenario {
  const { label, bytes } = own
  return {
    name: `scale/payload-${label}`,
    summary: `drain and bulk enqueue of ${own.jobs.toLocaleString('en-US')} jobs with payloads of ${label}`,
    figures: [JOBS_PER_SECOND, { ...JOBS_PER_SECOND, key: 'enqueue' }],
    measure: (trial) =>
      Stage.with(trial, async (stage) => {
        const jobs = trial.count(own.jobs)
        const batch = Math.min(MAX_BATCH, Math.ceil(MAX_BATCH_BYTES / bytes))
        const producer = await stage.startProducer('noop', { bulk: true, padded: true })
        const span = await producer.enqueueBulk({ from: 0, to: jobs, batch, queues: 1, bytes })
        await producer.kill()
        const workers = await stage.startWorkers(1, { kind: 'noop', jobs, padded: true })
        const drained = await awaitDrain(stage, workers, { jobs })
        return {
          values: { '': drainRate(jobs, drained), enqueue: (jobs / (span.endedAt - span.startedAt)) * 1000 },
          details: drainDetails(drained),
        }
      }),
  }
}

import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'

const WARM_UP = 50

/** W2: one call per job. A worker drains afterwards, for the proof of delivery. */
function singleEnqueueWith(own: { name: string; summary: string; jobs: number; inFlight: number }): Scenario {
  return {
    name: own.name,
    summary: own.summary,
    figures: [JOBS_PER_SECOND],
    measure: (trial) =>
      Stage.with(trial, async (stage) => {
        const { inFlight } = own
        const measured = trial.count(own.jobs)
        const jobs = WARM_UP + measured
        const producer = await stage.startProducer('noop')
        await producer.enqueueSingle({ from: 0, to: WARM_UP, inFlight })
        const span = await producer.enqueueSingle({ from: WARM_UP, to: jobs, inFlight })
        await producer.kill()
        const workers = await stage.startWorkers(1, { kind: 'noop', jobs })
        await awaitDrain(stage, workers, { jobs })
        return { values: { '': (measured / (span.endedAt - span.startedAt)) * 1000 } }
      }),
  }
}

export const enqueue100InFlight = singleEnqueueWith({
  name: 'enqueue-100-in-flight',
  summary: 'W2: 20,000 single calls, 100 awaited together',
  jobs: 20_000,
  inFlight: 100,
})
export const enqueueAwaited = singleEnqueueWith({
  name: 'enqueue-awaited',
  summary: 'W2: 5,000 single calls, each awaited before the next',
  jobs: 5_000,
  inFlight: 1,
})

import { VoidFigure } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails } from './drain-details.js'

const JOBS = 50_000
const BATCH = 1_000
const LEAD_MS = 5_000
/** Two clocks of one machine, one of them in whole ms. */
const CLOCK_SLACK_MS = 2

/** W6: all jobs are due at one instant ahead, an idle worker is running. From that instant to the last completion. */
export const dueAtOnce: Scenario = {
  name: 'due-at-once',
  summary: 'W6: 50,000 jobs due at one instant',
  figures: [JOBS_PER_SECOND, { key: 'first-start', unit: 'ms', better: 'lower' }],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const jobs = trial.count(JOBS)
      const workers = await stage.startWorkers(1, { kind: 'noop', jobs })
      const producer = await stage.startProducer('noop', { bulk: true })
      const at = Date.now() + LEAD_MS
      const span = await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1, at })
      if (span.endedAt > at) throw new VoidFigure(`enqueueing took longer than ${LEAD_MS} ms: jobs were due meanwhile`)
      const drained = await awaitDrain(stage, workers, { jobs })
      if (drained.firstStart < at - CLOCK_SLACK_MS) throw new VoidFigure('a job ran before it was due')
      return {
        values: { '': (jobs / (drained.lastEnd - at)) * 1000, 'first-start': drained.firstStart - at },
        details: drainDetails(drained),
      }
    }),
}

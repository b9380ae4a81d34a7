import { percentile } from '../measure/statistics.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import type { Scenario } from '../scenario.js'
import { startLatencies } from './start-latencies.js'

/**
 * The same rate for every rival: about half of what the slowest of them takes in and works off at once where producer,
 * worker and store share two cores.
 */
const PER_SECOND = 6_000
const JOBS = 30_000
const WARM_UP_SHARE = 1 / 6

/** Single calls at a steady rate; the first sixth is warm-up. */
export const latencyHalfLoad: Scenario = {
  name: 'latency-half-load',
  summary: `enqueue to start while ${PER_SECOND.toLocaleString('en-US')} jobs/s arrive`,
  figures: [
    { key: 'start-p50', unit: 'ms', better: 'lower' },
    { key: 'start-p99', unit: 'ms', better: 'lower' },
  ],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const jobs = trial.count(JOBS)
      const workers = await stage.startWorkers(1, { kind: 'noop', jobs, timeStarts: true })
      const producer = await stage.startProducer('noop')
      const log = await producer.enqueuePaced({ from: 0, to: jobs, perSecond: PER_SECOND })
      const drained = await awaitDrain(stage, workers, { jobs })
      const starts = startLatencies(log, drained, Math.floor(jobs * WARM_UP_SHARE))
      return { values: { 'start-p50': percentile(starts, 50), 'start-p99': percentile(starts, 99) } }
    }),
}

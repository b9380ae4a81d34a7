import { percentile } from '../measure/statistics.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import type { Figure, Scenario } from '../scenario.js'
import { startLatencies } from './start-latencies.js'

const JOBS = 2_000
const WARM_UP = 50
const PAUSE_MS = 2

const figure = (key: string): Figure => ({ key, unit: 'ms', better: 'lower' })

/** W4: one job at a time through an idle worker. Both clocks are wall clocks of one machine. */
export const latencyIdle: Scenario = {
  name: 'latency-idle',
  summary: 'W4: enqueue to start, enqueue to result, 2,000 times, otherwise idle',
  figures: ['start-p50', 'start-p99', 'result-p50', 'result-p99'].map(figure),
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const jobs = WARM_UP + trial.count(JOBS)
      const workers = await stage.startWorkers(1, { kind: 'answer', jobs, timeStarts: true })
      const producer = await stage.startProducer('answer')
      const log = await producer.enqueueAndWait({ from: 0, to: jobs, pauseMs: PAUSE_MS })
      const drained = await awaitDrain(stage, workers, { jobs })
      const starts = startLatencies(log, drained, WARM_UP)
      const start = { 'start-p50': percentile(starts, 50), 'start-p99': percentile(starts, 99) }
      const why = trial.rival.noResults
      if (why !== undefined) return { values: start, lacking: { 'result-p50': why, 'result-p99': why } }
      const results = Array.from(log.answered, (at, index) => at - (log.sent[index] as number)).slice(WARM_UP)
      return { values: { ...start, 'result-p50': percentile(results, 50), 'result-p99': percentile(results, 99) } }
    }),
}

import { VoidFigure } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import type { Kind } from '../rival.js'
import { JOBS_PER_SECOND, type Measured, type Scenario, type Trial } from '../scenario.js'
import { drainDetails, drainRate } from './drain-details.js'

const JOBS = 100_000
const BATCH = 1_000

interface Drain {
  readonly name: string
  readonly summary: string
  readonly base?: string
  readonly workers: number
  readonly kind: Kind
  readonly aof?: boolean
}

export const drain1Worker = drainScenario({
  name: 'drain-1-worker',
  summary: 'W3: 100,000 waiting jobs, one worker process, no results',
  workers: 1,
  kind: 'noop',
})
export const drain2Workers = drainScenario({
  name: 'drain-2-workers',
  base: 'drain-1-worker',
  summary: 'W3 with two worker processes',
  workers: 2,
  kind: 'noop',
})
export const drain1WorkerResults = drainScenario({
  name: 'drain-1-worker-results',
  summary: 'W3 with results stored (rivals: completed jobs kept)',
  workers: 1,
  kind: 'stored',
})
export const aofDrain = drainScenario({
  name: 'aof-drain',
  base: 'drain-1-worker',
  summary: 'W3 with an append-only file, flushed every second',
  workers: 1,
  kind: 'noop',
  aof: true,
})

/** W3: jobs wait, then workers start. From the first handler's start to the last completion. */
function drainScenario(own: Drain): Scenario {
  const { name, summary, base, aof = false } = own
  return {
    name,
    summary,
    ...(base === undefined ? {} : { base }),
    figures: [JOBS_PER_SECOND],
    measure: (trial) => Stage.with(trial, (stage) => measure(stage, trial, own), { aof }),
  }
}

async function measure(stage: Stage, trial: Trial, { kind, workers: count }: Drain): Promise<Measured> {
  const stored = kind === 'stored'
  const jobs = trial.count(JOBS)
  const producer = await stage.startProducer(kind, { bulk: true })
  await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1 })
  if (!stored) await producer.kill()
  const workers = await stage.startWorkers(count, { kind, jobs })
  const drained = await awaitDrain(stage, workers, { jobs })
  const last = stored ? await producer.lastResult({}) : undefined
  if (stored && last !== jobs - 1) throw new VoidFigure(`the result stored last is ${last}, not ${jobs - 1}`)
  return { values: { '': drainRate(jobs, drained) }, details: drainDetails(drained) }
}

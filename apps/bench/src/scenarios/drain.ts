import { NotOffered, VoidFigure } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import type { Kind } from '../rival.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails, drainRate } from './drain-details.js'

const JOBS = 100_000
const BATCH = 1_000

/** W3: jobs wait, then workers start. From the first handler's start to the last completion. */
function drainWith(own: { name: string; summary: string; workers: number; kind: Kind; aof?: boolean }): Scenario {
  return {
    name: own.name,
    summary: own.summary,
    figures: [JOBS_PER_SECOND],
    measure: async ({ rival, count }) => {
      const stored = own.kind === 'stored'
      if (stored && rival.lacks.storedResults !== undefined) throw new NotOffered(rival.lacks.storedResults)
      return await Stage.with({ rival: rival.name, aof: own.aof ?? false }, async (stage) => {
        const { kind } = own
        const jobs = count(JOBS)
        const producer = await stage.startProducer(kind, { bulk: true })
        await producer.enqueueBulk({ from: 0, to: jobs, batch: BATCH, queues: 1 })
        if (!stored) await producer.kill()
        const workers = await stage.startWorkers(own.workers, { kind, jobs })
        const drained = await awaitDrain(stage, workers, { jobs })
        const last = stored ? await producer.lastResult({}) : undefined
        if (stored && last !== jobs - 1) throw new VoidFigure(`the result stored last is ${last}, not ${jobs - 1}`)
        return { values: { '': drainRate(jobs, drained) }, details: drainDetails(drained) }
      })
    },
  }
}

export const drain1Worker = drainWith({
  name: 'drain-1-worker',
  summary: 'W3: 100,000 waiting jobs, one worker process, no results',
  workers: 1,
  kind: 'noop',
})
export const drain2Workers = drainWith({
  name: 'drain-2-workers',
  summary: 'W3 with two worker processes',
  workers: 2,
  kind: 'noop',
})
export const drain1WorkerResults = drainWith({
  name: 'drain-1-worker-results',
  summary: 'W3 with results stored (rivals: completed jobs kept)',
  workers: 1,
  kind: 'stored',
})
export const aofDrain = drainWith({
  name: 'aof-drain',
  summary: 'W3 with an append-only file, flushed every second',
  workers: 1,
  kind: 'noop',
  aof: true,
})

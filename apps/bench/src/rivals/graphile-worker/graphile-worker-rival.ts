import { EventEmitter } from 'node:events'
import { type AddJobsJobSpec, Logger, makeWorkerUtils, run, type WorkerEvents } from 'graphile-worker'
import { Redis } from 'ioredis'
import type { Input, JobHooks, Producer, ProducerSetup, Rival, WorkerSetup } from '../../rival.js'

/** graphile-worker: `addJobs`, a local queue of 500, completions in batches. A failed job waits for 2.7 s: that is fixed. */
export const graphileWorkerRival: Rival = { producer, worker }

const TASK = 'bench'
const CONCURRENT_JOBS = 10
const LOCAL_QUEUE = 500
const POLL_MS = 1_000
/** It has no results: the handler tells its end through this list. */
const SIGNAL = 'bench:signal'
const SIGNAL_TIMEOUT_S = 20
/** It writes a line per job. */
const SILENT = new Logger(() => () => undefined)

async function producer({ url, signalUrl }: ProducerSetup): Promise<Producer> {
  const utils = await makeWorkerUtils({ connectionString: url, logger: SILENT })
  await utils.migrate()
  const signals = new Redis(signalUrl)
  await signals.ping()
  const not = (what: string) => () => Promise.reject(new Error(`graphile-worker has no ${what}`))
  return {
    async enqueueBulk(inputs, { at }) {
      const due = at === undefined ? {} : { runAt: new Date(at) }
      const specs: AddJobsJobSpec[] = inputs.map((payload) => ({ identifier: TASK, payload, ...due }))
      await utils.addJobs(specs)
    },
    async enqueueSingle(input) {
      await utils.addJob(TASK, input)
    },
    async enqueueAndWait(input) {
      await utils.addJob(TASK, input)
      if ((await signals.brpop(SIGNAL, SIGNAL_TIMEOUT_S)) === null) throw new Error('the handler did not signal')
      return undefined
    },
    enqueueChord: not('chords'),
    lastResult: not('results'),
    counts: not('counts'),
  }
}

async function worker({ url, signalUrl, workload }: WorkerSetup, hooks: JobHooks): Promise<void> {
  const signals = workload.kind === 'answer' ? new Redis(signalUrl) : undefined
  const events: WorkerEvents = new EventEmitter()
  events.on('job:success', () => hooks.completed())
  await run({
    events,
    preset: {
      worker: {
        connectionString: url,
        concurrentJobs: CONCURRENT_JOBS,
        pollInterval: POLL_MS,
        localQueue: { size: LOCAL_QUEUE },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger: SILENT,
      },
    },
    noHandleSignals: true,
    taskList: {
      [TASK]: async (payload) => {
        const result = hooks.run((payload as Input).x)
        await signals?.lpush(SIGNAL, result)
      },
    },
  })
}

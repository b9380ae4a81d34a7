import { Redis } from 'ioredis'
import { type Job, PgBoss } from 'pg-boss'
import type { Input, JobHooks, Kind, Producer, ProducerSetup, Rival, WorkerSetup } from '../../rival.js'

/** pg-boss: `insert`, batches of 1,000 one after the other while they are full, LISTEN/NOTIFY. A batch fails as a whole. */
export const pgBossRival: Rival = { producer, worker }

const QUEUE = 'bench'
const BATCH = 1_000
/** The least that it takes. */
const POLL_S = 0.5
/** It tells no producer of a job's end: the handler does, through this list. */
const SIGNAL = 'bench:signal'
const SIGNAL_TIMEOUT_S = 20

async function open(url: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, useListenNotify: true })
  boss.on('error', (error) => console.error(error))
  await boss.start()
  await boss.createQueue(QUEUE, { notify: true, retryLimit: 2, retryDelay: 0 })
  return boss
}

async function producer({ url, signalUrl }: ProducerSetup): Promise<Producer> {
  const boss = await open(url)
  const signals = new Redis(signalUrl)
  await signals.ping()
  const not = (what: string) => () => Promise.reject(new Error(`pg-boss has no ${what}`))
  return {
    async enqueueBulk(inputs, { at }) {
      const due = at === undefined ? {} : { startAfter: new Date(at) }
      await boss.insert(
        QUEUE,
        inputs.map((data) => ({ data, ...due })),
      )
    },
    async enqueueSingle(input) {
      await boss.send(QUEUE, input)
    },
    async enqueueAndWait(input) {
      await boss.send(QUEUE, input)
      if ((await signals.brpop(SIGNAL, SIGNAL_TIMEOUT_S)) === null) throw new Error('the handler did not signal')
      return undefined
    },
    enqueueChord: not('chords'),
    lastResult: not('waits for results'),
    counts: not('counts'),
  }
}

async function worker({ url, signalUrl, workload, processes }: WorkerSetup, hooks: JobHooks): Promise<void> {
  const boss = await open(url)
  const signals = workload.kind === 'answer' ? new Redis(signalUrl) : undefined
  const options = {
    batchSize: BATCH,
    burstWhenBatchFull: true,
    localConcurrency: fetchersOf(workload.kind, processes),
    pollingIntervalSeconds: POLL_S,
    notifyPollingIntervalSeconds: POLL_S,
  }
  await boss.work<Input>(QUEUE, options, async (jobs) => {
    const failed = runAll(jobs, hooks)
    if (failed !== undefined) throw failed
    for (const { data } of jobs) {
      await signals?.lpush(SIGNAL, data.x)
      hooks.completed()
    }
  })
}

/** Runs the whole batch. Returns the last failure. */
function runAll(jobs: readonly Job<Input>[], hooks: JobHooks): unknown {
  let failed: unknown
  for (const { data } of jobs) {
    try {
      hooks.run(data.x)
    } catch (error) {
      failed = error
    }
  }
  return failed
}

/** Two where one process has the queue to itself; for one job at a time and for failures the second is in the way. */
function fetchersOf(kind: Kind, processes: number): number {
  return kind === 'noop' && processes === 1 ? 2 : 1
}

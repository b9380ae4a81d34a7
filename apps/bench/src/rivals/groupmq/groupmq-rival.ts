import { Queue, Worker } from 'groupmq'
import { Redis } from 'ioredis'
import {
  CONCURRENCY,
  type Input,
  type JobHooks,
  type Producer,
  type ProducerSetup,
  type Rival,
  type WorkerSetup,
  type Workload,
} from '../../rival.js'

/** groupmq: 100 groups round robin (a group runs one job at a time), `autoBatch` where a producer works in bulk. */
export const groupmqRival: Rival = { producer, worker }

const GROUPS = 100
/** Of many queues in one process each gets a share. */
const CONCURRENCY_OF_MANY = 10
/** It has no results: the handler tells its end through this list. */
const SIGNAL = 'bench:signal'
/** More completed jobs than any workload has. */
const KEEP_ALL = 1_000_000
const SIGNAL_TIMEOUT_S = 20

const namespace = (index: number) => `bench-${index}`

function connect(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null })
}

async function producer({ url, workload, bulk }: ProducerSetup): Promise<Producer> {
  const queues = Array.from(
    { length: workload.queues },
    (_, index) =>
      new Queue<Input>({
        redis: connect(url),
        namespace: namespace(index),
        maxAttempts: 2,
        ...(bulk ? { autoBatch: { size: 1000, maxWaitMs: 5 } } : {}),
      }),
  )
  const first = queues[0] as Queue<Input>
  const signals = connect(url)
  await Promise.all([signals.ping(), ...queues.map((queue) => queue.redis.ping())])
  let last: string | undefined
  const add = (queue: Queue<Input>, input: Input, at?: number) =>
    queue.add({ groupId: `g${input.x % GROUPS}`, data: input, ...(at === undefined ? {} : { runAt: at }) })
  return {
    async enqueueBulk(inputs, { queue: index, at }) {
      const queue = queues[index] as Queue<Input>
      const jobs = await Promise.all(inputs.map((input) => add(queue, input, at)))
      last = jobs.at(-1)?.id
    },
    async enqueueSingle(input) {
      await add(first, input)
    },
    async enqueueAndWait(input) {
      await add(first, input)
      if ((await signals.brpop(SIGNAL, SIGNAL_TIMEOUT_S)) === null) throw new Error('the handler did not signal')
      return undefined
    },
    enqueueChord: () => Promise.reject(new Error('groupmq has no chords')),
    async lastResult() {
      if (last === undefined) return undefined
      const result: unknown = (await first.getJob(last)).returnvalue
      return typeof result === 'number' ? result : undefined
    },
    async counts() {
      const { waiting, delayed } = await first.getJobCounts()
      // Its waiting jobs include the delayed ones.
      return { waiting: waiting - delayed, delayed }
    },
  }
}

async function worker({ url, workload }: WorkerSetup, hooks: JobHooks): Promise<void> {
  const signals = workload.kind === 'answer' ? connect(url) : undefined
  const workers = Array.from({ length: workload.queues }, (_, index) =>
    startWorker({ url, workload, namespace: namespace(index) }, hooks, signals),
  )
  await Promise.all(workers)
}

async function startWorker(
  own: { url: string; workload: Workload; namespace: string },
  hooks: JobHooks,
  signals: Redis | undefined,
): Promise<void> {
  const keep = own.workload.kind === 'stored' ? { keepCompleted: KEEP_ALL } : {}
  const queue = new Queue<Input>({ redis: connect(own.url), namespace: own.namespace, maxAttempts: 2, ...keep })
  const one = new Worker<Input>({
    queue,
    concurrency: own.workload.queues === 1 ? CONCURRENCY : CONCURRENCY_OF_MANY,
    schedulerIntervalMs: 100,
    backoff: () => 0,
    handler: async (job) => {
      const result = hooks.run(job.data.x)
      await signals?.lpush(SIGNAL, result)
      return result
    },
  })
  one.on('completed', () => hooks.completed())
  one.on('error', (error) => console.error(error))
  await queue.redis.ping()
  void one.run()
}

import { FlowProducer, type JobsOptions, Queue, QueueEvents, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import {
  CONCURRENCY,
  type Input,
  type JobHooks,
  type Kind,
  type Producer,
  type ProducerSetup,
  type Rival,
  type WorkerSetup,
} from '../../rival.js'

/** BullMQ: `addBulk`, concurrency 100, jobs removed once they end, unless results are wanted. */
export const bullmqRival: Rival = { producer, worker }

const RESULT_TIMEOUT_MS = 20_000
/** Of many queues in one process each gets a share. */
const CONCURRENCY_OF_MANY = 10

const queueName = (index: number) => `bench-${index}`

function connect(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null })
}

function jobOptions(kind: Kind): JobsOptions {
  // With removal, `waitUntilFinished` may find the job gone before it looked.
  const keeps = kind === 'stored' || kind === 'answer'
  return { removeOnComplete: !keeps, removeOnFail: true, ...(kind === 'fail-once' ? { attempts: 2 } : {}) }
}

async function producer({ url, workload }: ProducerSetup): Promise<Producer> {
  const connection = connect(url)
  const defaultJobOptions = jobOptions(workload.kind)
  const queues = Array.from(
    { length: workload.queues },
    (_, index) => new Queue<Input, number>(queueName(index), { connection, defaultJobOptions }),
  )
  const first = queues[0] as Queue<Input, number>
  await Promise.all(queues.map((queue) => queue.waitUntilReady()))
  const events = workload.kind === 'answer' ? new QueueEvents(queueName(0), { connection: connect(url) }) : undefined
  await events?.waitUntilReady()
  let last: string | undefined
  return {
    async enqueueBulk(inputs, { queue, at }) {
      const opts = at === undefined ? {} : { opts: { delay: at - Date.now() } }
      const jobs = await queues[queue]?.addBulk(inputs.map((data) => ({ name: 'job', data, ...opts })))
      last = jobs?.at(-1)?.id
    },
    async enqueueSingle(input) {
      await first.add('job', input)
    },
    async enqueueAndWait(input) {
      const job = await first.add('job', input)
      return await job.waitUntilFinished(events as QueueEvents, RESULT_TIMEOUT_MS)
    },
    async enqueueChord(inputs, body) {
      const flow = new FlowProducer({ connection })
      await flow.add({
        name: 'body',
        queueName: queueName(0),
        data: body,
        opts: defaultJobOptions,
        children: inputs.map((data) => ({ name: 'job', queueName: queueName(0), data, opts: defaultJobOptions })),
      })
    },
    async lastResult() {
      const job = last === undefined ? undefined : await first.getJob(last)
      return job?.returnvalue ?? undefined
    },
    async counts() {
      const { waiting = 0, delayed = 0 } = await first.getJobCounts('waiting', 'delayed')
      return { waiting, delayed }
    },
  }
}

async function worker({ url, workload }: WorkerSetup, hooks: JobHooks): Promise<void> {
  const concurrency = workload.queues === 1 ? CONCURRENCY : CONCURRENCY_OF_MANY
  const workers = Array.from({ length: workload.queues }, (_, index) => {
    const one = new Worker<Input, number>(
      queueName(index),
      async (job) => {
        if (job.name !== 'body') return hooks.run(job.data.x)
        return hooks.body(job.data.x, Object.values(await job.getChildrenValues<number>()))
      },
      { connection: connect(url), concurrency },
    )
    one.on('completed', () => hooks.completed())
    one.on('error', (error) => console.error(error))
    return one
  })
  await Promise.all(workers.map((one) => one.waitUntilReady()))
}

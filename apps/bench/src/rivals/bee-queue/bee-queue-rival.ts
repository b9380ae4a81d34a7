import BeeQueue from 'bee-queue'
import {
  CONCURRENCY,
  type Input,
  type JobHooks,
  type Producer,
  type ProducerSetup,
  type Rival,
  type WorkerSetup,
} from '../../rival.js'

/** bee-queue: `saveAll`, no events and no stored jobs where nobody waits for results, jobs removed once they end. */
export const beeQueueRival: Rival = { producer, worker }

/** Of many queues in one process each gets a share. */
const CONCURRENCY_OF_MANY = 10

const queueName = (index: number) => `bench-${index}`

function address(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

async function producer({ url, workload }: ProducerSetup): Promise<Producer> {
  const waits = workload.kind === 'answer'
  const queues = Array.from(
    { length: workload.queues },
    (_, index) =>
      new BeeQueue<Input>(queueName(index), {
        redis: address(url),
        isWorker: false,
        getEvents: waits,
        sendEvents: false,
        storeJobs: waits,
      }),
  )
  const first = queues[0] as BeeQueue<Input>
  await Promise.all(queues.map((queue) => queue.ready()))

  const createJob = (queue: BeeQueue<Input>, input: Input) => {
    const job = queue.createJob(input)
    return workload.kind === 'fail-once' ? job.retries(1) : job
  }
  return {
    async enqueueBulk(inputs, { queue: index, at }) {
      const queue = queues[index] as BeeQueue<Input>
      const jobs = inputs.map((input) => {
        const job = createJob(queue, input)
        return at === undefined ? job : job.delayUntil(at)
      })
      const errors = await queue.saveAll(jobs)
      for (const error of errors.values()) throw error
    },
    async enqueueSingle(input) {
      await createJob(first, input).save()
    },
    async enqueueAndWait(input) {
      const job = createJob(first, input)
      const ended = new Promise<number>((resolve, reject) => {
        job.on('succeeded', resolve)
        job.on('failed', reject)
      })
      await job.save()
      return await ended
    },
    enqueueChord: () => Promise.reject(new Error('bee-queue has no chords')),
    lastResult: () => Promise.reject(new Error('bee-queue stores no results')),
    async counts() {
      const { waiting, delayed } = await first.checkHealth()
      return { waiting, delayed }
    },
  }
}

async function worker({ url, workload }: WorkerSetup, hooks: JobHooks): Promise<void> {
  const concurrency = workload.queues === 1 ? CONCURRENCY : CONCURRENCY_OF_MANY
  const queues = Array.from({ length: workload.queues }, (_, index) => {
    const queue = new BeeQueue<Input>(queueName(index), {
      redis: address(url),
      getEvents: false,
      sendEvents: workload.kind === 'answer',
      storeJobs: false,
      removeOnSuccess: true,
      removeOnFailure: true,
      activateDelayedJobs: true,
      delayedDebounce: 100,
    })
    queue.on('succeeded', () => hooks.completed())
    queue.on('error', (error) => console.error(error))
    return queue
  })
  await Promise.all(queues.map((queue) => queue.ready()))
  for (const queue of queues) queue.process<number>(concurrency, async (job) => hooks.run(job.data.x))
}

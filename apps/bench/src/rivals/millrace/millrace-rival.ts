import { createApp, group, type JobHandle, type Task } from 'millrace'
import { createWorker } from 'millrace/worker'
import { z } from 'zod'
import type { Input, JobHooks, Kind, Producer, ProducerSetup, Rival, WorkerSetup, Workload } from '../../rival.js'

/**
 * Millrace as its users get it: zod validates on both sides, ids are generated, every option has its default. Results are
 * kept where the task has an output schema, as by default.
 */
export const millraceRival: Rival = { producer, worker }

const RESULT_TIMEOUT_MS = 5_000
const POLL_MS = 1
/** Where latencies are measured the end of the run is not: no rival has a timer then. */
const ANSWERED_POLL_MS = 50

type NumberTask = Task<Input, Input, number, number>
type BodyTask = Task<number[], number[], number, number>

const XY = z.object({ x: z.number(), y: z.number() })
const PADDED = z.object({ x: z.number(), p: z.string() })

function defineTasks(url: string, workload: Workload) {
  const app = createApp({ name: 'bench', broker: url })
  const input = workload.padded ? PADDED : XY
  const tasks = Array.from({ length: workload.queues }, (_, index) =>
    app.define(`bench.task-${index}`, { input, ...policy(workload.kind), ...queueOf(index, workload) }),
  ) as unknown as NumberTask[]
  const body = app.define('bench.body', { input: z.array(z.number()), output: z.number() }) as BodyTask
  return { app, tasks, body }
}

function policy(kind: Kind) {
  if (kind === 'stored' || kind === 'answer' || kind === 'chord') return { output: z.number() }
  if (kind === 'fail-once') return { retry: { backoff: { kind: 'fixed', delay: 0 } } } as const
  return {}
}

/** One queue is the default one. */
function queueOf(index: number, workload: Workload) {
  return workload.queues === 1 ? {} : { queue: `bench-${index}` }
}

async function producer({ url, workload }: ProducerSetup): Promise<Producer> {
  const { app, tasks, body } = defineTasks(url, workload)
  const first = tasks[0] as NumberTask
  let last: JobHandle<number> | undefined
  // Connects.
  await first.job('nobody').state()
  return {
    async enqueueBulk(inputs, { queue, at }) {
      const task = tasks[queue] as NumberTask
      last = (await task.enqueueMany(inputs, at === undefined ? {} : { at })).at(-1)
    },
    async enqueueSingle(input) {
      await first.enqueue(input)
    },
    async enqueueAndWait(input) {
      const job = await first.enqueue(input)
      return await job.result()
    },
    async enqueueChord(inputs) {
      await group(inputs.map((input) => first.with(input as never)))
        .pipe(body as never)
        .enqueue()
    },
    lastResult: async () => await last?.result({ timeout: RESULT_TIMEOUT_MS }),
    async counts() {
      const view = (await app.monitor.queues()).find(({ queue }) => queue === 'default')
      return { waiting: view?.ready ?? 0, delayed: view?.due ?? 0 }
    },
  }
}

async function worker({ url, workload }: WorkerSetup, hooks: JobHooks): Promise<void> {
  const { app, tasks, body } = defineTasks(url, workload)
  for (const task of tasks) task.handle(({ x }) => hooks.run(x))
  body.handle((results) => hooks.body(results.length, results))
  const worker = createWorker(app)
  await worker.start()
  // Settled means acknowledged by the store, which no event of a default worker tells.
  setInterval(
    () => {
      const { running, waiting, settling } = worker.status()
      if (running + waiting + settling === 0) hooks.allSettled()
    },
    workload.kind === 'answer' ? ANSWERED_POLL_MS : POLL_MS,
  )
}

import type { QueueView, WorkerView } from '@millrace/monitor'
import type { Queue } from '../contract/index.js'
import type { HandlersOf } from './api-call.js'
import type { ApiContext } from './api-context.js'
import { begin } from './operation-handlers.js'
import { Refusal } from './refusal.js'

export const queueHandlers: HandlersOf<'queues' | 'queue' | 'pauseQueue' | 'resumeQueue' | 'purgeQueue'> = {
  queues: ({ context }) => readQueues(context),

  queue: async ({ context, params }) => {
    await checkQueue(context, params.queue)
    const { queues } = await readQueues(context)
    return queues.find(({ queue }) => queue === params.queue) ?? refuse(params.queue)
  },

  pauseQueue: async ({ context, params, about }) => {
    about(`queue ${params.queue}`)
    await checkQueue(context, params.queue)
    return context.app.control.pause(params.queue)
  },

  resumeQueue: async ({ context, params, about }) => {
    about(`queue ${params.queue}`)
    await checkQueue(context, params.queue)
    return context.app.control.resume(params.queue)
  },

  purgeQueue: async ({ context, params, identity, about }) => {
    const { queue } = params
    about(`queue ${queue}`)
    await checkQueue(context, queue)
    const what = { action: 'purge', target: `queue ${queue}`, by: identity?.me.name ?? '' } as const
    return begin(context, what, async (report, signal) => {
      const onProgress = (changed: number) => report({ matched: null, changed, skipped: 0 })
      const { purged, complete } = await context.app.control.purge(queue, { onProgress, signal })
      return { matched: null, changed: purged, skipped: 0, complete }
    })
  },
}

/** Throws `Refusal` for a queue on which nothing was ever put. */
export async function checkQueue({ readings }: ApiContext, queue: string): Promise<void> {
  const { value } = await readings.queues()
  if (!value.some((view) => view.queue === queue)) refuse(queue)
}

async function readQueues({ readings, rates }: ApiContext): Promise<{ at: number; queues: Queue[] }> {
  const [queues, workers] = await Promise.all([readings.queues(), readings.workers()])
  rates.note(queues)
  return { at: queues.at, queues: queues.value.map((view) => shapeQueue(view, workers.value, rates.of(view.queue))) }
}

function shapeQueue(queue: QueueView, workers: readonly WorkerView[], perSecond: Queue['perSecond']): Queue {
  const { reports: _, ...view } = queue
  return { ...view, perSecond, workers: workers.filter(({ queues }) => queues.includes(view.queue)).length }
}

function refuse(queue: string): never {
  throw new Refusal('not-found', `There is no queue ${queue}: nothing was ever put on it.`)
}

import type { WorkerOrderAnswer as StoredAnswer } from '@millrace/monitor'
import type { WorkerOrderAnswer } from '../contract/index.js'
import type { HandlersOf } from './api-call.js'

export const workerHandlers: HandlersOf<
  'workers' | 'quietWorkers' | 'resumeWorkers' | 'resizeWorkers' | 'stopWorkers'
> = {
  workers: async ({ context }) => {
    const { at, value } = await context.readings.workers()
    const workers = value.map(({ seenAt, queues, jobs, ...worker }) => {
      return { ...worker, queues: [...queues], jobs: [...jobs], seenAgoMs: Math.max(0, at - seenAt) }
    })
    return { at, workers }
  },

  quietWorkers: async ({ context, body, about }) => {
    about(workersText(body.workers))
    return shape('quiet', await context.app.control.quiet(body))
  },

  resumeWorkers: async ({ context, body, about }) => {
    about(workersText(body.workers))
    return shape('resume', await context.app.control.unquiet(body))
  },

  resizeWorkers: async ({ context, body, about }) => {
    const { workers, size } = body
    about(workersText(workers), `to ${size}`)
    return shape('resize', await context.app.control.resize(size, { workers }))
  },

  stopWorkers: async ({ context, body, about }) => {
    about(workersText(body.workers))
    return shape('stop', await context.app.control.stop(body))
  },
}

function shape(kind: WorkerOrderAnswer['kind'], { id, workers, unknown }: StoredAnswer): WorkerOrderAnswer {
  return { id, kind, workers: [...workers], unknown: [...unknown] }
}

function workersText(workers: readonly string[]): string {
  return `worker ${workers.join(', ')}`
}

import type { JobRef } from '@millrace/broker'
import { inParallel } from './in-parallel.js'
import { send } from './job-control.js'
import { readJobPage } from './job-page.js'
import type { MonitorScope } from './monitor-scope.js'
import type { Steps } from './queue-control.js'

export interface RetryAllQuery extends Steps {
  /** Default: all queues. */
  readonly queue?: string | undefined
  /** Only jobs of this task. */
  readonly task?: string | undefined
}

export interface RetryAllAnswer {
  /** Failed jobs that matched when it began. */
  readonly matched: number
  readonly retried: number
  /** False when `signal` ended it early, or more than 100,000 jobs matched: call again. */
  readonly complete: boolean
}

const MAX_JOBS = 100_000
const STEP = 200

/**
 * Puts every failed job that matches back to `ready`. Works on the jobs that had failed when it began: one that fails again
 * meanwhile is not retried twice. Throws `InvalidOptionError` for a queue that was never used.
 */
export async function retryAll(scope: MonitorScope, query: RetryAllQuery): Promise<RetryAllAnswer> {
  const { refs, all } = await collect(scope, query)
  let retried = 0
  for (let start = 0; start < refs.length; start += STEP) {
    if (query.signal?.aborted === true) return { matched: refs.length, retried, complete: false }
    const answers = await inParallel(refs.slice(start, start + STEP), (ref) => send(scope, 'retry', { ref }))
    retried += answers.filter((answer) => answer === 'retried').length
    query.onProgress?.(retried)
  }
  return { matched: refs.length, retried, complete: all }
}

/** Reads all before the first is retried: retrying changes what the cursor walks over. */
async function collect(scope: MonitorScope, query: RetryAllQuery): Promise<{ refs: JobRef[]; all: boolean }> {
  const refs = new Map<string, JobRef>()
  let cursor: string | undefined
  do {
    if (query.signal?.aborted === true) return { refs: [], all: false }
    const page = await readJobPage(scope, {
      state: 'failed',
      queue: query.queue,
      task: query.task,
      limit: STEP,
      cursor,
    })
    for (const job of page.jobs) {
      const lane = { queue: job.queue, index: job.lane }
      refs.set(`${job.queue}/${job.lane}/${job.id}`, { lane, id: job.id })
    }
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined && refs.size < MAX_JOBS)
  return { refs: [...refs.values()], all: cursor === undefined }
}

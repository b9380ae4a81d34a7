import type { JobRef } from '@millrace/broker'
import type { JobState } from '@millrace/core'
import { findJobs } from '../find-job.js'
import { inParallel } from '../in-parallel.js'
import { DONE_ANSWERS, type JobOrder, type OrderDetails, send } from '../job-control.js'
import type { JobSummary } from '../job-view.js'
import type { MonitorScope } from '../monitor-scope.js'
import type { JobFilter } from '../search/job-filter.js'
import { searchJobs } from '../search/search-jobs.js'

/** Which states an order is for. */
export const ORDER_STATES: Readonly<Record<JobOrder, readonly JobState[]>> = {
  retry: ['failed'],
  discard: ['failed'],
  cancel: ['running', 'retrying', 'ready', 'scheduled'],
  promote: ['retrying', 'scheduled'],
  postpone: ['retrying', 'scheduled'],
}

export interface BulkOrder extends OrderDetails {
  readonly order: JobOrder
  /** Named jobs, or all that fit when it begins, at most 100,000. */
  readonly target:
    | { readonly jobs: readonly { readonly id: string; readonly queue: string }[] }
    | { readonly filter: JobFilter }
  /** What the filter sees of a job. Default: all of it. */
  readonly view?: ((job: JobSummary) => JobSummary) | undefined
  /** At most so many a second. Default: as fast as the broker answers. */
  readonly perSecond?: number | undefined
  /** Ends the work between two steps. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined
}

export interface BulkProgress {
  /** Jobs that it is for; null until all of them are known. */
  readonly matched: number | null
  readonly changed: number
  /** Were in no state for the order any more. */
  readonly skipped: number
}

export interface BulkAnswer extends BulkProgress {
  readonly matched: number
  /** False: it was ended early, or more than 100,000 fitted. */
  readonly complete: boolean
}

const MAX_JOBS = 100_000
const STEP = 200

/** The filter of an order on all that match: only states that the order is for. */
export function filterForOrder(order: JobOrder, filter: JobFilter): JobFilter {
  const able = ORDER_STATES[order]
  const asked = filter.states ?? []
  return { ...filter, states: asked.length === 0 ? able : able.filter((state) => asked.includes(state)) }
}

/** Orders in steps of at most 200 jobs. Reads all that fit before the first order: orders change what the search walks over. */
export async function orderJobs(scope: MonitorScope, bulk: BulkOrder): Promise<BulkAnswer> {
  const { refs, all } =
    'jobs' in bulk.target
      ? await namedRefs(scope, bulk.target.jobs)
      : await fittingRefs(scope, bulk, bulk.target.filter)
  const matched = refs.length
  const step = bulk.perSecond === undefined ? STEP : Math.max(1, Math.min(STEP, Math.floor(bulk.perSecond / 4)))
  let changed = 0
  let skipped = 0
  bulk.onProgress?.({ matched, changed, skipped })
  for (let start = 0; start < matched; start += step) {
    if (bulk.signal?.aborted === true) return { matched, changed, skipped, complete: false }
    const chunk = refs.slice(start, start + step)
    const answers = await inParallel(chunk, (ref) => send(scope, bulk.order, { ref, delayMs: bulk.delayMs }))
    const done = answers.filter((answer) => DONE_ANSWERS.includes(answer)).length
    changed += done
    skipped += chunk.length - done
    bulk.onProgress?.({ matched, changed, skipped })
    const last = start + step >= matched
    if (bulk.perSecond !== undefined && !last) await pause((chunk.length / bulk.perSecond) * 1000, bulk.signal)
  }
  return { matched, changed, skipped, complete: all }
}

interface Refs {
  readonly refs: readonly JobRef[]
  readonly all: boolean
}

async function namedRefs(
  scope: MonitorScope,
  jobs: readonly { readonly id: string; readonly queue: string }[],
): Promise<Refs> {
  const found = await inParallel(jobs, ({ id, queue }) => findJobs(scope, id, queue))
  return { refs: found.flat().map((view) => view.ref), all: true }
}

async function fittingRefs(scope: MonitorScope, bulk: BulkOrder, asked: JobFilter): Promise<Refs> {
  const filter = filterForOrder(bulk.order, asked)
  if (filter.states?.length === 0) return { refs: [], all: true }
  const refs = new Map<string, JobRef>()
  let cursor: string | undefined
  do {
    if (bulk.signal?.aborted === true) return { refs: [], all: false }
    const page = await searchJobs(scope, { filter, limit: STEP, cursor, view: bulk.view })
    for (const { id, queue, lane } of page.jobs)
      refs.set(`${queue}/${lane}/${id}`, { lane: { queue, index: lane }, id })
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined && refs.size < MAX_JOBS)
  return { refs: [...refs.values()], all: cursor === undefined }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done, { once: true })
    if (signal?.aborted === true) done()
  })
}

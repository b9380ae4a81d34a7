import type { Lane } from '@millrace/broker'
import { closestName, InvalidOptionError, type JobState, TRANSITIONS } from '@millrace/core'
import { type JobSummary, summarizeJob } from './job-view.js'
import { lanesOfQueue, readLanes } from './lane-map.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'

export interface JobQuery {
  /** Default: all queues. */
  readonly queue?: string | undefined
  readonly state: JobState
  /** At most so many jobs, 1 … 1,000. Default 50. */
  readonly limit?: number | undefined
  /** Where the page before ended. */
  readonly cursor?: string | undefined
  /** Only jobs of this task. Then a page may hold fewer than `limit` jobs and still have a cursor. */
  readonly task?: string | undefined
}

/** Jobs lane by lane, each lane in the store's order. */
export interface JobPage {
  readonly jobs: readonly JobSummary[]
  /** Opaque; null on the last page. */
  readonly cursor: string | null
}

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1_000
/** Of the port. */
const MAX_STEP = 200
/** Broker calls for one page: how far a filter that matches nothing is followed. */
const MAX_STEPS = 40

/** Throws `InvalidOptionError` for a wrong state, limit or cursor, and for a queue that was never used. */
export async function readJobPage(scope: MonitorScope, query: JobQuery): Promise<JobPage> {
  const state = checkState(query.state)
  const limit = checkLimit(query.limit ?? DEFAULT_LIMIT)
  const start = query.cursor === undefined ? undefined : readCursor(query.cursor)
  const broker = await scope.broker()
  const map = await readLanes(scope)
  const lanes = query.queue === undefined ? [...map.values()].flat() : lanesOfQueue(map, query.queue)

  const jobs: JobSummary[] = []
  let at = start === undefined ? 0 : lanes.findIndex((lane) => !isBefore(lane, start))
  let inner = start !== undefined && at >= 0 && isSame(lanes[at], start) ? start.inner : undefined
  for (let step = 0; at >= 0 && at < lanes.length; step++) {
    const lane = lanes[at] as Lane
    if (jobs.length >= limit || step >= MAX_STEPS) return { jobs, cursor: writeCursor(lane, inner) }
    const size = Math.min(limit - jobs.length, MAX_STEP)
    const page = await broker.inspect.page(
      lane,
      state,
      inner === undefined ? { limit: size } : { limit: size, cursor: inner },
      callOptions(scope),
    )
    for (const view of page.jobs) {
      const job = summarizeJob(view)
      if (query.task === undefined || job.task === query.task) jobs.push(job)
    }
    inner = page.cursor
    if (inner === undefined) at++
  }
  return { jobs, cursor: null }
}

interface Place extends Lane {
  /** The lane's own cursor; absent: its beginning. */
  readonly inner: string | undefined
}

function isBefore(lane: Lane, other: Lane): boolean {
  return lane.queue === other.queue ? lane.index < other.index : lane.queue < other.queue
}

function isSame(lane: Lane | undefined, other: Lane): boolean {
  return lane?.queue === other.queue && lane.index === other.index
}

function writeCursor(lane: Lane, inner: string | undefined): string {
  const place = inner === undefined ? [lane.queue, lane.index] : [lane.queue, lane.index, inner]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function readCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(place)) {
      const [queue, index, inner] = place as unknown[]
      if (typeof queue === 'string' && Number.isInteger(index) && (inner === undefined || typeof inner === 'string')) {
        return { queue, index: index as number, inner }
      }
    }
  } catch {
    // Told below.
  }
  throw new InvalidOptionError({ option: 'cursor', found: cursor, expected: 'the cursor of the page before' })
}

function checkState(state: unknown): JobState {
  const known = Object.keys(TRANSITIONS)
  if (typeof state === 'string' && known.includes(state)) return state as JobState
  throw new InvalidOptionError({
    option: 'state',
    found: state,
    expected: `one of ${known.join(', ')}`,
    suggestion: typeof state === 'string' ? closestName(state, known) : undefined,
  })
}

function checkLimit(limit: unknown): number {
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new InvalidOptionError({ option: 'limit', found: limit, expected: `a whole number from 1 to ${MAX_LIMIT}` })
}

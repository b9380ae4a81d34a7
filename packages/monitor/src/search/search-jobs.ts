import { InvalidOptionError, type JobState } from '@millrace/core'
import { findJobs } from '../find-job.js'
import { type JobSummary, summarizeJob } from '../job-view.js'
import { callOptions, type MonitorScope } from '../monitor-scope.js'
import { fitsInside, fitsQueue, type JobFilter, looksInside } from './job-filter.js'
import { type CountedLane, countLanes, mostIn } from './lane-counts.js'

export interface JobSearch {
  readonly filter: JobFilter
  /** At most so many jobs, 1 … 1,000. Default 50. */
  readonly limit?: number | undefined
  /** Where the page before ended. */
  readonly cursor?: string | undefined
  /** What the filter and the caller see of a job. Default: all of it. Hides what must not be found out by searching. */
  readonly view?: ((job: JobSummary) => JobSummary) | undefined
}

export interface FoundJobs {
  readonly jobs: readonly JobSummary[]
  /** Opaque; null on the last page. A page may be short, even empty, and have one: it did its bounded work. */
  readonly cursor: string | null
  /** Jobs that were looked at. */
  readonly scanned: number
}

/** Walked in this order where a search names no state. */
const LASTING_STATES: readonly JobState[] = ['running', 'retrying', 'ready', 'scheduled', 'failed', 'succeeded']
/** Of the port. */
const MAX_STEP = 200
/** Work of one page, whatever the filter. */
const MAX_CALLS = 120
const MAX_SCANNED = 2_000

/**
 * Jobs that fit, state by state, lane by lane, each lane in the store's order. Reads at most about 2,000 jobs a call.
 * Throws `InvalidOptionError` for a wrong cursor.
 */
export async function searchJobs(scope: MonitorScope, search: JobSearch): Promise<FoundJobs> {
  const { filter } = search
  if (filter.ids !== undefined && filter.ids.length > 0) return searchIds(scope, search)
  const view = search.view ?? ((job: JobSummary) => job)
  const limit = search.limit ?? 50
  const states = filter.states?.length ? filter.states : LASTING_STATES
  const { inspect } = await scope.broker()
  const inside = looksInside(filter)
  const stops = stopsOf(await countLanes(scope, filter), states)
  const start = search.cursor === undefined ? undefined : readCursor(search.cursor)
  let at = start === undefined ? 0 : stops.findIndex((stop) => compare(stop, start) >= 0)
  if (at < 0) return { jobs: [], cursor: null, scanned: 0 }
  let inner = start !== undefined && compare(stops[at] as Stop, start) === 0 ? start.inner : undefined

  const jobs: JobSummary[] = []
  let scanned = 0
  for (let calls = 0; at < stops.length; calls++) {
    const stop = stops[at] as Stop
    const full = jobs.length >= limit || scanned >= MAX_SCANNED || calls >= MAX_CALLS
    if (full) return { jobs, cursor: writeCursor(stop, inner), scanned }
    const size = Math.min(limit - jobs.length, MAX_STEP)
    const page = await inspect.page(
      stop.lane,
      stop.state,
      inner === undefined ? { limit: size } : { limit: size, cursor: inner },
      callOptions(scope),
    )
    for (const found of page.jobs) {
      const job = view(summarizeJob(found))
      if (!inside || fitsInside(filter, job)) jobs.push(job)
    }
    scanned += page.jobs.length
    inner = page.cursor
    if (inner === undefined) at++
  }
  return { jobs, cursor: null, scanned }
}

/** A lane's jobs in one state. */
interface Stop {
  readonly lane: CountedLane['lane']
  readonly state: JobState
  /** Of the state in the search. */
  readonly rank: number
}

function stopsOf(lanes: readonly CountedLane[], states: readonly JobState[]): Stop[] {
  return states.flatMap((state, rank) =>
    lanes.filter(({ counts }) => mostIn(state, counts) !== 0).map(({ lane }) => ({ lane, state, rank })),
  )
}

async function searchIds(scope: MonitorScope, search: JobSearch): Promise<FoundJobs> {
  const { filter, view = (job: JobSummary) => job } = search
  const found = []
  for (const id of filter.ids ?? []) {
    if (isNoJobId(id)) continue
    found.push(...(await findJobs(scope, id, undefined)))
  }
  const jobs = found
    .filter((one) => fitsQueue(filter, one.ref.lane.queue))
    .map((one) => view(summarizeJob(one)))
    .filter(
      (job) =>
        filter.states === undefined || filter.states.length === 0 || filter.states.includes(job.state as JobState),
    )
    .filter((job) => fitsInside(filter, job))
  return { jobs, cursor: null, scanned: found.length }
}

/** What no store could hold is simply not there. */
function isNoJobId(id: string): boolean {
  return id.length > 256
}

interface Place {
  readonly rank: number
  readonly lane: Stop['lane']
  readonly inner: string | undefined
}

function compare(stop: Stop, place: Place): number {
  if (stop.rank !== place.rank) return stop.rank - place.rank
  const { queue, index } = stop.lane
  if (queue !== place.lane.queue) return queue < place.lane.queue ? -1 : 1
  return index - place.lane.index
}

function writeCursor({ rank, lane }: Stop, inner: string | undefined): string {
  const place = [rank, lane.queue, lane.index, ...(inner === undefined ? [] : [inner])]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function readCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(place)) {
      const [rank, queue, index, inner] = place as unknown[]
      const whole = Number.isInteger(rank) && typeof queue === 'string' && Number.isInteger(index)
      if (whole && (inner === undefined || typeof inner === 'string')) {
        return { rank: rank as number, lane: { queue, index: index as number }, inner }
      }
    }
  } catch {
    // Told below.
  }
  throw new InvalidOptionError({ option: 'cursor', found: cursor, expected: 'the cursor of the page before' })
}

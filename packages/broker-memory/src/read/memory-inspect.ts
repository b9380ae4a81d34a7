import type {
  AuditPage,
  Finding,
  InspectPort,
  JobPage,
  JobRef,
  JobReport,
  JobView,
  Lane,
  LaneCounts,
  LaneSeries,
  LeaderView,
  SeenWorker,
  SeriesQuery,
  TaskDurations,
} from '@millrace/broker'
import { InvalidOptionError, type JobState } from '@millrace/core'
import type { Connection } from '../connection.js'
import type { LaneStore } from '../store/lane-store.js'
import type { StoredJob } from '../store/stored-job.js'
import { stateOf, viewOf, viewOfGone } from './observe-job.js'
import { pageAudit } from './page-audit.js'
import { readyAge } from './ready-age.js'

const DEFAULT_PAGE = 50
const MAX_PAGE = 200
const WORKER_FORGOTTEN_MS = 60_000

export class MemoryInspect implements InspectPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async lanes(): Promise<readonly Lane[]> {
    return this.#connection.store().lanes()
  }

  async counts(lane: Lane): Promise<LaneCounts> {
    const store = this.#connection.lane(lane)
    return {
      ready: store.ready.size,
      suspects: store.suspects.size + store.lone.size,
      due: store.due.size,
      parked: store.parked.size,
      running: store.running,
      failed: store.failed.size,
      paused: store.paused,
      succeeded: store.totals.succeeded,
      retried: store.totals.retried,
      failedEver: store.totals.failed,
      crashed: store.totals.crashed,
      reports: store.reports.writes,
      oldestReadyMs: readyAge(store),
    }
  }

  async page(
    lane: Lane,
    state: JobState,
    query: { readonly cursor?: string; readonly limit?: number },
  ): Promise<JobPage> {
    const store = this.#connection.lane(lane)
    const limit = Math.max(1, Math.min(MAX_PAGE, query.limit ?? DEFAULT_PAGE))
    return state === 'succeeded' || state === 'cancelled' || state === 'expired'
      ? endedPage(store, state, { after: query.cursor, limit })
      : livingPage(store, state, { after: query.cursor, limit })
  }

  async job(ref: JobRef): Promise<JobView> {
    const store = this.#connection.lane(ref.lane)
    const job = store.jobs.get(ref.id)
    return job === undefined ? viewOfGone(store, ref.id) : viewOf(store, job)
  }

  async report(ref: JobRef): Promise<JobReport | undefined> {
    const store = this.#connection.lane(ref.lane)
    return store.reports.read(ref.id, store.now())
  }

  async workers(): Promise<readonly SeenWorker[]> {
    const app = this.#connection.store()
    const oldest = app.clock.now() - WORKER_FORGOTTEN_MS
    for (const [id, worker] of app.workers) if (worker.seenAt < oldest) app.workers.delete(id)
    return [...app.workers.values()].map(({ info, seenAt }) => ({ ...info, seenAt }))
  }

  async leader(): Promise<LeaderView | undefined> {
    return this.#connection.store().leader
  }

  async pastTerms(): Promise<readonly LeaderView[]> {
    return this.#connection.store().pastTerms
  }

  async series(lane: Lane, query: SeriesQuery): Promise<LaneSeries> {
    return this.#connection.lane(lane).book.read(query)
  }

  async durations(): Promise<readonly TaskDurations[]> {
    return this.#connection.store().durations.read()
  }

  async audit(query: { readonly limit?: number; readonly cursor?: string }): Promise<AuditPage> {
    return pageAudit(this.#connection.store().audit, query)
  }

  async health(): Promise<readonly Finding[]> {
    this.#connection.store()
    const what = 'jobs live in the memory of this process and end with it'
    const fix = 'use a redis:// broker where jobs must outlive the process'
    return [{ level: 'warning', code: 'memory-only', what, fix }]
  }
}

interface PageQuery {
  readonly after: string | undefined
  readonly limit: number
}

/** Cursor: the sequence of the last job shown, so that jobs that come and go meanwhile shift nothing. */
function livingPage(store: LaneStore, state: JobState, { after, limit }: PageQuery): JobPage {
  const from = after === undefined ? 0 : Number(after)
  if (!Number.isSafeInteger(from))
    throw new InvalidOptionError({ option: 'cursor', found: after, expected: 'a cursor of an earlier page' })
  const found: StoredJob[] = []
  for (const job of store.jobs.values()) {
    if (job.sequence <= from || stateOf(job) !== state) continue
    if (found.length === limit)
      return { jobs: found.map((each) => viewOf(store, each)), cursor: String(found.at(-1)?.sequence) }
    found.push(job)
  }
  return { jobs: found.map((each) => viewOf(store, each)), cursor: undefined }
}

/** Cursor: the last id shown. */
function endedPage(store: LaneStore, state: JobState, { after, limit }: PageQuery): JobPage {
  const all = [...store.outcomes.keys()].filter((id) => store.keptOutcome(id)?.state === state).sort()
  const rest = after === undefined ? all : all.filter((id) => id > after)
  const ids = rest.slice(0, limit)
  return { jobs: ids.map((id) => viewOfGone(store, id)), cursor: rest.length > limit ? ids.at(-1) : undefined }
}

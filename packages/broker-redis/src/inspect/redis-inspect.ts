import type {
  AuditPage,
  CallOptions,
  Finding,
  InspectPort,
  JobPage,
  JobRef,
  JobReport,
  JobView,
  Lane,
  LaneCounts,
  LaneSeries,
  LeaderInfo,
  LeaderView,
  SeenWorker,
  SeriesQuery,
  TaskDurations,
  WorkerInfo,
} from '@millrace/broker'
import type { JobState } from '@millrace/core'
import { InvalidOptionError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import { readReport } from '../report/read-report.js'
import { countsScript, pageJobsScript, viewJobScript } from '../scripts.generated.js'
import { readDurations } from '../series/count-durations.js'
import { readSeries } from '../series/read-series.js'
import { ageOf } from './age-of.js'
import { checkHealth } from './check-health.js'
import { readAudit } from './read-audit.js'
import { readView } from './read-view.js'

const MAX_PAGE = 200
const DEFAULT_PAGE = 50

/** The reading role on Redis. */
export class RedisInspect implements InspectPort {
  readonly #engine: Engine
  readonly #registry: LaneRegistry

  constructor(engine: Engine, registry: LaneRegistry) {
    this.#engine = engine
    this.#registry = registry
  }

  lanes(options?: CallOptions): Promise<readonly Lane[]> {
    return this.#registry.list(options)
  }

  async counts(lane: Lane, options?: CallOptions): Promise<LaneCounts> {
    const reply = (await this.#engine.onLane(countsScript, lane, [], options)) as [...number[], string]
    const head = reply.pop() as unknown as string
    const [
      ready = 0,
      suspects = 0,
      due = 0,
      parked = 0,
      running = 0,
      failed = 0,
      paused = 0,
      succeeded = 0,
      retried = 0,
      failedEver = 0,
      crashed = 0,
      reports = 0,
    ] = reply as unknown as number[]
    return {
      ready,
      suspects,
      due,
      parked,
      running,
      failed,
      paused: paused === 1,
      succeeded,
      retried,
      failedEver,
      crashed,
      reports,
      oldestReadyMs: ageOf(head),
    }
  }

  async page(
    lane: Lane,
    state: JobState,
    query: { readonly cursor?: string; readonly limit?: number },
    options?: CallOptions,
  ): Promise<JobPage> {
    const limit = Math.min(MAX_PAGE, Math.max(1, query.limit ?? DEFAULT_PAGE))
    const cursor = /^(\d+):(\d+)$/.exec(query.cursor ?? '0:0')
    if (cursor === null)
      throw new InvalidOptionError({ option: 'cursor', found: query.cursor, expected: 'a cursor of an earlier page' })
    const args = [state, cursor[1] as string, cursor[2] as string, String(limit)]
    const [next, ...rows] = (await this.#engine.onLane(pageJobsScript, lane, args, options)) as [string, ...unknown[][]]
    return { jobs: rows.map((row) => readView(lane, row)), cursor: next === '' ? undefined : next }
  }

  async job(ref: JobRef, options?: CallOptions): Promise<JobView> {
    return readView(ref.lane, (await this.#engine.onLane(viewJobScript, ref.lane, [ref.id], options)) as unknown[])
  }

  report(ref: JobRef, options?: CallOptions): Promise<JobReport | undefined> {
    return readReport(this.#engine, ref, options)
  }

  async workers(options: CallOptions = {}): Promise<readonly SeenWorker[]> {
    const { keyspace, link } = this.#engine
    const call = { what: () => 'list of workers', ...options }
    const range = [appKey(keyspace, 'workers'), String(Date.now() - 60_000), '+inf', 'WITHSCORES']
    const rows = (await link.command('zrangebyscore', range, call)) as string[]
    const alive = rows.filter((_, index) => index % 2 === 0)
    if (alive.length === 0) return []
    const texts = (await link.command('hmget', [appKey(keyspace, 'workerInfo'), ...alive], call)) as (string | null)[]
    return texts.flatMap((text, index) => {
      if (text === null) return []
      return [{ ...(JSON.parse(text) as WorkerInfo), seenAt: Number(rows[2 * index + 1]) }]
    })
  }

  async leader(options: CallOptions = {}): Promise<LeaderView | undefined> {
    const { keyspace, link } = this.#engine
    const fields = ['epoch', 'leader', 'since', 'ended']
    const call = { what: () => 'read of the leader', ...options }
    const [epoch, leader, since, ended] = (await link.command(
      'hmget',
      [appKey(keyspace, 'term'), ...fields],
      call,
    )) as (string | null)[]
    if (!epoch || !leader) return undefined
    return {
      ...(JSON.parse(leader) as LeaderInfo),
      epoch: Number(epoch),
      since: Number(since),
      endedAt: ended ? Number(ended) : undefined,
    }
  }

  async pastTerms(options: CallOptions = {}): Promise<readonly LeaderView[]> {
    const { keyspace, link } = this.#engine
    const call = { what: () => 'list of past terms', ...options }
    const texts = (await link.command('lrange', [appKey(keyspace, 'terms'), '0', '-1'], call)) as string[]
    return texts.flatMap((text) => {
      const [, epoch, since, ended, leader] = /^(\d+) (\d+) (\S+) (.*)$/s.exec(text) ?? []
      if (leader === undefined) return []
      const { candidate, host, pid } = JSON.parse(leader) as LeaderInfo
      const endedAt = ended === '-' ? undefined : Number(ended)
      return [{ candidate, host, pid, epoch: Number(epoch), since: Number(since), endedAt }]
    })
  }

  series(lane: Lane, query: SeriesQuery, options?: CallOptions): Promise<LaneSeries> {
    return readSeries(this.#engine, lane, { query, options })
  }

  durations(options?: CallOptions): Promise<readonly TaskDurations[]> {
    return readDurations(this.#engine, options)
  }

  audit(query: { readonly limit?: number; readonly cursor?: string }, options?: CallOptions): Promise<AuditPage> {
    return readAudit(this.#engine, query, options)
  }

  health(options?: CallOptions): Promise<readonly Finding[]> {
    return checkHealth(this.#engine, options)
  }
}

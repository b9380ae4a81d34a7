import type { FailureRecord, JobState, ObservedState } from '@millrace/core'
import type { AuditPage } from './audit.js'
import type { CallOptions } from './call.js'
import type { WorkerInfo } from './consumer.js'
import type { Epoch, LeaderInfo } from './dispatch.js'
import type { TaskDurations } from './durations.js'
import type { JobRef, Lane } from './lane.js'
import type { JobReport } from './report.js'
import type { LaneSeries, SeriesQuery } from './series.js'

export interface LaneCounts {
  readonly ready: number
  /** Crashed before, waiting to be handed out one at a time. Part of no other figure. */
  readonly suspects: number
  /** Delayed jobs and jobs between two attempts together: both wait in one structure. */
  readonly due: number
  /** Waiting for upstream jobs. */
  readonly parked: number
  readonly running: number
  readonly failed: number
  readonly paused: boolean
  /** Totals since the lane was made. */
  readonly succeeded: number
  readonly retried: number
  readonly failedEver: number
  readonly crashed: number
  /** How often handlers' reports were written. */
  readonly reports: number
  /** Age of the job at the head of `ready`, ms; undefined when none waits. By the producer's clock. */
  readonly oldestReadyMs: number | undefined
}

export interface JobView {
  readonly ref: JobRef
  readonly state: ObservedState
  /** The parsed wire message, `undefined` when it is gone or no JSON. */
  readonly wire: unknown
  readonly attemptsUsed: number
  readonly crashes: number
  /** Oldest first; bounded to 16 KiB. */
  readonly history: readonly FailureRecord[]
  /** When it becomes ready, for `scheduled` and `retrying`. */
  readonly dueAt: number | undefined
  readonly failedAt: number | undefined
  readonly cancelAsked: boolean
  readonly priority: number
  /** The job that waits for this one's output. */
  readonly joins: JobRef | undefined
  /** Upstream jobs that it was enqueued to wait for. */
  readonly waitsFor: number | undefined
}

export interface SeenWorker extends WorkerInfo {
  /** Its last sign of life, ms since the epoch, by the store's clock. */
  readonly seenAt: number
}

export interface JobPage {
  readonly jobs: readonly JobView[]
  /** Opaque; absent on the last page. */
  readonly cursor: string | undefined
}

export interface LeaderView extends LeaderInfo {
  readonly epoch: Epoch
  readonly since: number
  /** Absent while the term lasts. */
  readonly endedAt: number | undefined
}

/** One finding of a health check; `ok` findings included. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error'
  /** Stable, e.g. `eviction-policy`. */
  readonly code: string
  readonly what: string
  /** What to do about it; absent for `ok`. */
  readonly fix: string | undefined
}

/** Reading. Never O(queue) on the store: counts, cursor pages, single jobs. */
export interface InspectPort {
  lanes(options?: CallOptions): Promise<readonly Lane[]>
  counts(lane: Lane, options?: CallOptions): Promise<LaneCounts>
  /** At most 200 a page, default 50. */
  page(
    lane: Lane,
    state: JobState,
    query: { readonly cursor?: string; readonly limit?: number },
    options?: CallOptions,
  ): Promise<JobPage>
  /** `state: 'unknown'` when the id left no trace. */
  job(ref: JobRef, options?: CallOptions): Promise<JobView>
  /** What its handler said: progress and log lines. Undefined where nothing is kept. */
  report(ref: JobRef, options?: CallOptions): Promise<JobReport | undefined>
  workers(options?: CallOptions): Promise<readonly SeenWorker[]>
  leader(options?: CallOptions): Promise<LeaderView | undefined>
  /** The terms before the last one, newest first, at most 100. Absent where the driver keeps none. */
  pastTerms?(options?: CallOptions): Promise<readonly LeaderView[]>
  /** What ran and what waited in a lane, over time. */
  series(lane: Lane, query: SeriesQuery, options?: CallOptions): Promise<LaneSeries>
  /** How long attempts took, per task name, since the store counts that name; at most `MAX_DURATION_TASKS` and `(other)`. */
  durations(options?: CallOptions): Promise<readonly TaskDurations[]>
  /** The audit log, the newest first; 1 … 200 a page, default 50. */
  audit(query: { readonly limit?: number; readonly cursor?: string }, options?: CallOptions): Promise<AuditPage>
  /** Checks the store: version, eviction policy, persistence, role, memory, layout, clock, latency. */
  health(options?: CallOptions): Promise<readonly Finding[]>
}

import type { JobView as BrokerJobView, JobReport, ReportLine, StoredOutcome } from '@millrace/broker'
import { type FailureRecord, type ObservedState, readMessage } from '@millrace/core'

/** A job in a list. All instants in ms since the epoch; null where there is none. */
export interface JobSummary {
  readonly id: string
  readonly queue: string
  /** Index of its lane. */
  readonly lane: number
  readonly state: ObservedState
  /** Null when its message is gone or malformed. */
  readonly task: string | null
  /** By the producer's clock. */
  readonly enqueuedAt: number | null
  /** Attempts that have ended. */
  readonly attemptsUsed: number
  /** Executions that ended with their worker's lease. */
  readonly crashes: number
  /** −100 … 100, higher first. */
  readonly priority: number
  /** When it becomes ready, for `scheduled` and `retrying`. */
  readonly dueAt: number | null
  readonly failedAt: number | null
  /** Cancel was asked while it ran. */
  readonly cancelAsked: boolean
  /** Its stored bytes are no message of a version that this release reads. */
  readonly malformed: boolean
  readonly lastFailure: FailureRecord | null
}

/** One job with all that is known about it. */
export interface JobDetail extends JobSummary {
  /** As the caller gave it; null when the message is gone or malformed. */
  readonly input: unknown
  readonly headers: Readonly<Record<string, string>>
  /** Failures of its attempts, oldest first; bounded to 16 KiB. */
  readonly history: readonly FailureRecord[]
  /** Present once it has ended, as long as its result is kept. */
  readonly result: JobResultView | null
  /** What its handler last reported by `ctx.progress`; null where nothing is kept. */
  readonly progress: { readonly value: unknown; readonly at: number } | null
  /** What its handler logged, `info` and above, oldest first; bounded to 16 KiB. Null where nothing is kept. */
  readonly log: { readonly lines: readonly ReportLine[]; readonly dropped: number } | null
  /** The job that waits for this one's output; null for most. */
  readonly next: { readonly id: string; readonly queue: string } | null
  /** Upstream jobs that it was enqueued to wait for; null for most. */
  readonly waitsFor: number | null
  /** Other queues where a job of the same id left a trace. */
  readonly alsoIn: readonly string[]
}

/** How the job ended. `output` null where none is kept. */
export type JobResultView =
  | { readonly state: 'succeeded'; readonly kept: boolean; readonly output: unknown }
  | { readonly state: 'failed'; readonly failure: FailureRecord; readonly attempts: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'expired' }

export function summarizeJob(view: BrokerJobView): JobSummary {
  const message = readMessage(view.wire)
  return {
    id: view.ref.id,
    queue: view.ref.lane.queue,
    lane: view.ref.lane.index,
    state: view.state,
    task: message?.task ?? null,
    enqueuedAt: message?.enqueuedAt ?? null,
    attemptsUsed: view.attemptsUsed,
    crashes: view.crashes,
    priority: view.priority,
    dueAt: view.dueAt ?? null,
    failedAt: view.failedAt ?? null,
    cancelAsked: view.cancelAsked,
    malformed: view.wire !== undefined && message === undefined,
    lastFailure: view.history.at(-1) ?? null,
  }
}

export function detailJob(
  view: BrokerJobView,
  found: {
    readonly outcome: StoredOutcome | undefined
    readonly report: JobReport | undefined
    readonly alsoIn: readonly string[]
  },
): JobDetail {
  const { outcome, alsoIn } = found
  const message = readMessage(view.wire)
  // Of an earlier job of the same named id.
  const report = message === undefined || found.report?.since === message.enqueuedAt ? found.report : undefined
  return {
    ...summarizeJob(view),
    input: message?.input ?? null,
    headers: { ...message?.extras.headers },
    history: view.history,
    result: outcome === undefined ? null : viewOutcome(outcome),
    progress: report?.progress === undefined ? null : { value: readJson(report.progress.json), at: report.progress.at },
    log: report === undefined ? null : { lines: report.lines, dropped: report.dropped },
    next: view.joins === undefined ? null : { id: view.joins.id, queue: view.joins.lane.queue },
    waitsFor: view.waitsFor ?? null,
    alsoIn,
  }
}

function viewOutcome(outcome: StoredOutcome): JobResultView {
  switch (outcome.state) {
    case 'succeeded':
      return { state: 'succeeded', ...readOutput(outcome.outputJson) }
    case 'failed':
      return { state: 'failed', failure: outcome.failure, attempts: outcome.attempts }
    case 'cancelled':
    case 'expired':
      return { state: outcome.state }
  }
}

function readOutput(json: string | undefined): { kept: boolean; output: unknown } {
  if (json === undefined) return { kept: false, output: null }
  return { kept: true, output: readJson(json) }
}

/** Looking must never fail. */
function readJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

import type { FailureRecord } from '@millrace/core'
import { fingerprintOf, type JobDetail as StoredDetail, type JobSummary as StoredSummary } from '@millrace/monitor'
import type { Failure, JobDetail, JobSummary, TimelineEntry } from '../contract/index.js'
import type { Redaction } from '../redact/redaction.js'
import type { DashboardApp } from './api-context.js'

/** Of the headers of jobs that a schedule makes. */
const SCHEDULE_HEADER = 'millrace-schedule'
const TICK_HEADER = 'millrace-tick'

export interface JobShaper {
  readonly app: DashboardApp
  readonly redaction: Redaction
}

export function attemptsMax(app: DashboardApp, task: string | null): number | null {
  return task === null ? null : (app.registry.definition(task)?.policy.attempts ?? null)
}

/** `job` has to be redacted already: by `redaction.summary`, or by a search with it as its view. */
export function shapeSummary(app: DashboardApp, job: StoredSummary): JobSummary {
  const { lastFailure } = job
  return {
    id: job.id,
    queue: job.queue,
    lane: job.lane,
    state: job.state,
    task: job.task,
    enqueuedAt: job.enqueuedAt,
    attemptsUsed: job.attemptsUsed,
    attemptsMax: attemptsMax(app, job.task),
    crashes: job.crashes,
    priority: job.priority,
    dueAt: job.dueAt,
    failedAt: job.failedAt,
    cancelAsked: job.cancelAsked,
    malformed: job.malformed,
    lastFailure: lastFailure === null ? null : shapeFailure(lastFailure),
    fingerprint: lastFailure === null ? null : fingerprintOf(job.task, lastFailure),
  }
}

/** Stored records may come from anybody who can write to the store: every field is made what it should be. */
export function shapeFailure(failure: FailureRecord): Failure {
  return {
    name: String(failure.name),
    message: String(failure.message),
    stack: failure.stack === undefined ? null : String(failure.stack),
    data: failure.data ?? null,
    reason: String(failure.reason),
    attempt: Number(failure.attempt) || 0,
    at: Number(failure.at) || 0,
  }
}

/** `job` as the store gave it. */
export function shapeDetail({ app, redaction }: JobShaper, job: StoredDetail): JobDetail {
  const { task } = job
  const history = job.history.map((failure) => shapeFailure(redaction.failure(task, failure)))
  return {
    ...shapeSummary(app, redaction.summary(job)),
    input: redaction.value(task, 'input', job.input) ?? null,
    headers: redaction.headers(task, job.headers),
    history,
    result: shapeResult(redaction, job),
    progress: shapeProgress(redaction, job),
    log: shapeLog(redaction, job),
    alsoIn: [...job.alsoIn],
    timeline: timelineOf(job, history),
    lineage: { next: job.next, waitsFor: job.waitsFor, schedule: scheduleOf(job.headers) },
    redacted: redaction.pathsOf(task),
  }
}

function shapeResult(redaction: Redaction, { task, result }: StoredDetail): JobDetail['result'] {
  if (result === null) return null
  switch (result.state) {
    case 'succeeded':
      return { ...result, output: redaction.value(task, 'result', result.output) ?? null }
    case 'failed':
      return { ...result, failure: shapeFailure(redaction.failure(task, result.failure)) }
    default:
      return result
  }
}

function shapeProgress(redaction: Redaction, job: StoredDetail): JobDetail['progress'] {
  if (job.progress === null) return null
  return { value: redaction.said(job, 'progress', job.progress.value) ?? null, at: Number(job.progress.at) || 0 }
}

/** Lines, as failures, may come from anybody who can write to the store. */
function shapeLog(redaction: Redaction, job: StoredDetail): JobDetail['log'] {
  if (job.log === null) return null
  const lines = job.log.lines.map(({ at, level, attempt, text }) => ({
    at: Number(at) || 0,
    level: String(level),
    attempt: Number(attempt) || 0,
    text: String(redaction.said(job, 'log', String(text))),
  }))
  return { lines, dropped: Number(job.log.dropped) || 0 }
}

function scheduleOf(headers: Readonly<Record<string, string>>): JobDetail['lineage']['schedule'] {
  const name = headers[SCHEDULE_HEADER]
  return name === undefined ? null : { name, tick: headers[TICK_HEADER] ?? null }
}

function timelineOf(job: StoredDetail, history: readonly Failure[]): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  const add = (at: number | null, what: TimelineEntry['what'], text: string, attempt: number | null = null) => {
    if (at !== null) entries.push({ at, what, attempt, text })
  }
  add(job.enqueuedAt, 'enqueued', `Enqueued on ${job.queue}`)
  for (const { at, attempt, name, message } of history) {
    const text = `${attempt === 0 ? 'Failed' : `Attempt ${attempt} failed`}: ${name}: ${message.slice(0, 200)}`
    add(at, 'attempt-failed', text, attempt === 0 ? null : attempt)
  }
  add(job.failedAt, 'failed', 'Failed for good')
  const next = job.state === 'retrying' ? job.attemptsUsed + 1 : null
  add(job.dueAt, 'due', next === null ? 'Becomes ready' : `Attempt ${next} becomes ready`, next)
  return entries.sort((a, b) => a.at - b.at)
}

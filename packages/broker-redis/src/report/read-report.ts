import type { CallOptions, JobRef, JobReport, ReportLine } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { reportKey } from '../keyspace.js'

const FIELDS = ['since', 'progress', 'progressAt', 'lines', 'dropped']

/** What is kept of what a job's handler said. Lines that are none are left out: looking must never fail. */
export async function readReport(
  { keyspace, link }: Engine,
  { lane, id }: JobRef,
  options: CallOptions = {},
): Promise<JobReport | undefined> {
  const call = { what: () => 'read of a report', ...options }
  const row = (await link.command('hmget', [reportKey(keyspace, lane, id), ...FIELDS], call)) as (string | null)[]
  const [since, progress, progressAt, lines, dropped] = row
  if (since === null || since === undefined) return undefined
  return {
    since: Number(since),
    progress: progress ? { json: progress, at: Number(progressAt) } : undefined,
    lines: (lines ?? '').split('\n').flatMap(readLine),
    dropped: Number(dropped),
  }
}

function readLine(text: string): ReportLine[] {
  try {
    const [at, level, attempt, said] = JSON.parse(text) as unknown[]
    return [{ at: Number(at), level: String(level), attempt: Number(attempt), text: String(said) }]
  } catch {
    return []
  }
}

import type { FailureRecord } from '@millrace/core'
import type { JobDetail } from '@millrace/monitor'
import { clip, plainLine, plainLines } from './plain-text.js'
import { whenText } from './time-text.js'

const MAX_JSON = 2_000
const MAX_STACK_LINES = 12

/** One job for people: what it is, how it stands, what went wrong. */
export function jobLines(job: JobDetail, now: number): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['job', job.id],
    ['task', job.task ?? (job.malformed ? '(malformed message)' : '(not kept)')],
    ['queue', `${job.queue}, lane ${job.lane}`],
    ['state', job.cancelAsked ? `${job.state}, asked to cancel` : job.state],
    ['enqueued', instant(job.enqueuedAt, now)],
    ['due', instant(job.dueAt, now)],
    ['failed', instant(job.failedAt, now)],
    ['attempts', String(job.attemptsUsed)],
    ['crashes', job.crashes === 0 ? undefined : String(job.crashes)],
    ['priority', job.priority === 0 ? undefined : String(job.priority)],
    ['headers', Object.keys(job.headers).length === 0 ? undefined : json(job.headers)],
    ['input', job.task === null ? undefined : json(job.input)],
    ['progress', job.progress === null ? undefined : json(job.progress.value)],
    ['result', resultText(job)],
    ['also in', job.alsoIn.length === 0 ? undefined : `${job.alsoIn.join(', ')} (see with --queue)`],
  ]
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(9)} ${plainLine(value)}`]))
  if (job.history.length > 0) lines.push('', 'history, oldest first:')
  for (const failure of job.history) lines.push(...failureLines(failure, now))
  if (job.log !== null && job.log.lines.length > 0) lines.push('', 'log, oldest first:')
  if (job.log !== null && job.log.dropped > 0) lines.push(`  (${job.log.dropped} older lines are not kept)`)
  for (const { at, level, text } of job.log?.lines ?? []) {
    lines.push(`  ${whenText(at, now)}, ${plainLine(level)}: ${plainLine(text)}`)
  }
  return lines.join('\n')
}

function failureLines(failure: FailureRecord, now: number): string[] {
  const attempt = failure.attempt === 0 ? 'no attempt' : `attempt ${failure.attempt}`
  const head = `  ${attempt}, ${whenText(failure.at, now)}, ${failure.reason}: ${plainLine(failure.name)}: ${plainLine(failure.message)}`
  const stack = plainLines(failure.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_STACK_LINES)
    .map((line) => `      ${line.trim()}`)
  const data = failure.data === undefined ? [] : [`      data: ${plainLine(json(failure.data))}`]
  return [head, ...stack, ...data]
}

function resultText({ result }: JobDetail): string | undefined {
  if (result === null) return undefined
  switch (result.state) {
    case 'succeeded':
      return result.kept ? json(result.output) : 'succeeded, no output kept'
    case 'failed':
      return `failed after ${result.attempts} ${result.attempts === 1 ? 'attempt' : 'attempts'}: ${result.failure.name}: ${result.failure.message}`
    default:
      return result.state
  }
}

function instant(at: number | null, now: number): string | undefined {
  if (at === null) return undefined
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : `${whenText(at, now)} (${date.toISOString()})`
}

function json(value: unknown): string {
  return clip(JSON.stringify(value) ?? 'undefined', MAX_JSON)
}

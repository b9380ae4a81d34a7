import type { FailureRecord } from '@millrace/core'
import type { App } from 'millrace'
import type { WorkerEvent } from 'millrace/worker'
import { errorText } from '../error-text.js'
import { printEvent } from '../output/event-line.js'
import { clip } from '../output/plain-text.js'
import { durationText } from '../output/time-text.js'

const MAX_ERROR = 300

/** An observer of a worker that prints a line for each event that a developer wants to see. */
export function jobLines(app: App, print: typeof printEvent = printEvent): (event: WorkerEvent) => void {
  return (event) => {
    const line = jobLine(event, (task) => app.registry.definition(task)?.policy.attempts)
    if (line !== undefined) print(...line)
  }
}

/** `attemptsOf`: how many attempts a task has; undefined for one that is unknown here. */
export function jobLine(
  event: WorkerEvent,
  attemptsOf: (task: string) => number | undefined,
): readonly [word: string, text: string] | undefined {
  if (!('jobId' in event)) return brokerLine(event)
  const job = `${event.task || '(unreadable)'} ${event.jobId}`
  switch (event.kind) {
    case 'started':
      return ['started', event.attempt > 1 ? `${job} attempt ${event.attempt}` : job]
    case 'succeeded':
      return ['succeeded', `${job} ${durationText(event.durationMs)}`]
    case 'retried': {
      const most = attemptsOf(event.task)
      const next =
        event.failure.reason === 'unknown-task' ? '' : ` ${event.attempt + 1}${most === undefined ? '' : ` of ${most}`}`
      return ['retry', `${job}${next} in ${durationText(event.delayMs)}: ${failureText(event.failure)}`]
    }
    case 'failed':
      return ['failed', `${job} at attempt ${event.attempt}: ${failureText(event.failure)}`]
    case 'released':
      return ['released', `${job} put back${event.delayMs > 0 ? `, ready in ${durationText(event.delayMs)}` : ''}`]
    case 'cancelled':
      return ['cancelled', job]
    case 'timed-out':
      return ['timed out', `${job} after ${durationText(event.timeoutMs)}: its signal aborts`]
    case 'leaked':
      return ['leaked', `${job} ignores its signal and still runs`]
    case 'lost':
      return ['lost', `${job} was no longer held: it runs again`]
    default:
      return undefined
  }
}

function brokerLine(event: WorkerEvent): readonly [string, string] | undefined {
  if (event.kind === 'broker-down') return ['broker', `does not answer, trying again: ${errorText(event.error)}`]
  if (event.kind === 'broker-up') return ['broker', 'answers again']
  return undefined
}

function failureText({ name, message }: FailureRecord): string {
  return clip(`${name}: ${message}`, MAX_ERROR)
}

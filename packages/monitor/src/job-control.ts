import type { JobRef } from '@millrace/broker'
import type { ObservedState } from '@millrace/core'
import { findJobs } from './find-job.js'
import { callOptions, type MonitorScope } from './monitor-scope.js'

export type JobOrder = 'retry' | 'cancel' | 'discard' | 'promote' | 'postpone'

export interface OrderDetails {
  /** For `postpone`: from now, ms. Default 1 h. */
  readonly delayMs?: number | undefined
}

/** What became of an order about one job. */
export interface JobAnswer {
  readonly id: string
  /** The order was carried out, or is on its way (`asked`). */
  readonly done: boolean
  /**
   * `asked`: it runs, its handler was told. `ended`, `not-failed`, `not-waiting`: it is in no state for this order.
   * `unknown`: it left no trace. `ambiguous`: several queues have a job of this id, name one.
   */
  readonly answer:
    | 'retried'
    | 'cancelled'
    | 'asked'
    | 'discarded'
    | 'promoted'
    | 'postponed'
    | 'ended'
    | 'not-failed'
    | 'not-waiting'
    | 'unknown'
    | 'ambiguous'
  /** Null when the job is unknown or ambiguous. */
  readonly queue: string | null
  /** The job's state before the order. */
  readonly state: ObservedState
  /** One sentence that says all this. */
  readonly message: string
}

const DEFAULT_DELAY_MS = 3_600_000

export const DONE_ANSWERS: readonly JobAnswer['answer'][] = [
  'retried',
  'cancelled',
  'asked',
  'discarded',
  'promoted',
  'postponed',
]

/** Throws `InvalidNameError` for what is no id, `InvalidOptionError` for a queue that was never used. */
export async function orderJob(
  scope: MonitorScope,
  order: JobOrder,
  job: OrderDetails & { readonly id: string; readonly queue: string | undefined },
): Promise<JobAnswer> {
  const { id } = job
  const [found, ...others] = await findJobs(scope, id, job.queue)
  if (found === undefined) {
    const where = job.queue === undefined ? 'any queue' : `queue ${job.queue}`
    const message = `Job ${id} is unknown: it left no trace in ${where}.`
    return { id, done: false, answer: 'unknown', queue: null, state: 'unknown', message }
  }
  if (others.length > 0) {
    const queues = [found, ...others].map((view) => view.ref.lane.queue)
    const message = `Several queues have a job ${id}: ${queues.join(', ')}. Name one.`
    return { id, done: false, answer: 'ambiguous', queue: null, state: 'unknown', message }
  }
  const answer = await send(scope, order, { ref: found.ref, delayMs: job.delayMs })
  const { queue } = found.ref.lane
  const done = DONE_ANSWERS.includes(answer)
  return { id, done, answer, queue, state: found.state, message: sentence(id, queue, found.state, answer) }
}

export async function send(
  scope: MonitorScope,
  order: JobOrder,
  { ref, delayMs }: OrderDetails & { readonly ref: JobRef },
): Promise<JobAnswer['answer']> {
  const { control } = await scope.broker()
  if (order === 'postpone') return control.postpone(ref, delayMs ?? DEFAULT_DELAY_MS, callOptions(scope))
  return control[order](ref, callOptions(scope))
}

function sentence(id: string, queue: string, state: ObservedState, answer: JobAnswer['answer']): string {
  const job = `Job ${id} of queue ${queue}`
  switch (answer) {
    case 'retried':
      return `${job} is ready again, its attempts and crashes forgotten.`
    case 'cancelled':
      return `${job} is cancelled.`
    case 'asked':
      return `${job} runs and was asked to stop: its signal aborts at its worker's next heartbeat.`
    case 'discarded':
      return `${job} is removed for good.`
    case 'promoted':
      return `${job} is ready now.`
    case 'postponed':
      return `${job} waits longer now.`
    case 'ended':
      return `${job} has ended already (${state}).`
    case 'not-failed':
      return `${job} is ${state}: only a failed job can be retried or discarded.`
    case 'not-waiting':
      return `${job} is ${state}: only a scheduled or retrying job can be promoted or postponed.`
    default:
      return `${job} is gone: it was removed just now.`
  }
}

import type { FailureRecord } from '@millrace/core'
import type { WorkerEvent } from 'millrace/worker'

/** How many attempts ended how. */
export interface RunCounts {
  readonly succeeded: number
  /** Failed, and another attempt follows. */
  readonly retried: number
  /** Failed for good. */
  readonly failed: number
  readonly cancelled: number
  /** Put back uncounted: nobody here handles its task. */
  readonly released: number
}

/** An attempt that failed. */
export interface AttemptFailure {
  readonly jobId: string
  readonly task: string
  readonly attempt: number
  readonly failure: FailureRecord
  /** When the next attempt is, ms after this one; `undefined`: the job has failed for good. */
  readonly retryInMs: number | undefined
}

interface RunningJob {
  readonly jobId: string
  readonly task: string
  readonly attempt: number
}

/** What the worker under test has told: what runs, and how attempts ended. */
export class OutcomeLog {
  readonly running = new Map<string, RunningJob>()
  /** Jobs that were waited for in vain: their handlers wait for the clock. Until something happens to them. */
  readonly hanging = new Set<string>()
  #counts = { succeeded: 0, retried: 0, failed: 0, cancelled: 0, released: 0 }
  #failures: AttemptFailure[] = []
  /** Grows with every event: whoever waits can see that something happens. */
  activity = 0

  readonly note = (event: WorkerEvent): void => {
    this.activity += 1
    if ('jobId' in event) this.hanging.delete(event.jobId)
    switch (event.kind) {
      case 'started':
        this.running.set(event.jobId, { jobId: event.jobId, task: event.task, attempt: event.attempt })
        return
      case 'retried':
      case 'failed': {
        const { jobId, task, attempt, failure } = event
        this.#failures.push({
          jobId,
          task,
          attempt,
          failure,
          retryInMs: event.kind === 'retried' ? event.delayMs : undefined,
        })
        break
      }
      case 'succeeded':
      case 'cancelled':
      case 'released':
        break
      default:
        return
    }
    this.running.delete(event.jobId)
    this.#counts[event.kind] += 1
  }

  get counts(): RunCounts {
    return { ...this.#counts }
  }

  get failures(): readonly AttemptFailure[] {
    return this.#failures
  }

  clear(): void {
    this.#failures = []
  }
}

export function countsSince(before: RunCounts, now: RunCounts): RunCounts {
  const kinds = ['succeeded', 'retried', 'failed', 'cancelled', 'released'] as const
  return Object.fromEntries(kinds.map((kind) => [kind, now[kind] - before[kind]])) as unknown as RunCounts
}

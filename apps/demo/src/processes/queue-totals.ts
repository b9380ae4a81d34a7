import { app, QUEUES } from '../tasks.js'

/** What the broker has counted for one queue of this run. */
export interface QueueTotals {
  readonly succeeded: number
  readonly retried: number
  readonly failed: number
  /** Executions that ended with their worker's lease. */
  readonly crashed: number
  readonly running: number
}

export type RunTotals = Readonly<Record<keyof typeof QUEUES, QueueTotals>>

/** Reads the broker's totals since now: they count from a lane's first day, and other runs were there before. */
export async function openTotals(): Promise<() => Promise<RunTotals>> {
  const { inspect } = await app.broker()
  const read = async (queue: string): Promise<QueueTotals> => {
    const { succeeded, retried, failedEver, crashed, running } = await inspect.counts({ queue, index: 0 })
    return { succeeded, retried, failed: failedEver, crashed, running }
  }
  const readAll = async (): Promise<RunTotals> => {
    const [steps, documents, hostile] = await Promise.all([
      read(QUEUES.steps),
      read(QUEUES.documents),
      read(QUEUES.hostile),
    ])
    return { steps, documents, hostile }
  }
  const before = await readAll()
  return async () => {
    const now = await readAll()
    return {
      steps: since(before.steps, now.steps),
      documents: since(before.documents, now.documents),
      hostile: since(before.hostile, now.hostile),
    }
  }
}

function since(before: QueueTotals, now: QueueTotals): QueueTotals {
  return {
    succeeded: now.succeeded - before.succeeded,
    retried: now.retried - before.retried,
    failed: now.failed - before.failed,
    crashed: now.crashed - before.crashed,
    running: now.running,
  }
}

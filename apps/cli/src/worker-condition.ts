import type { WorkerEvent, WorkerStatus } from 'millrace/worker'

/** Whether a worker takes jobs, as probes ask. */
export interface WorkerCondition {
  readonly state: WorkerStatus['state']
  /** False while its broker does not answer. */
  readonly connected: boolean
}

export const NOT_STARTED: WorkerCondition = Object.freeze({ state: 'idle', connected: true })

/** An observer of a worker that tells its condition whenever that changes. */
export function followCondition(tell: (condition: WorkerCondition) => void): (event: WorkerEvent) => void {
  let condition = NOT_STARTED
  const change = (part: Partial<WorkerCondition>) => {
    condition = { ...condition, ...part }
    tell(condition)
  }
  return (event) => {
    if (event.kind === 'state') change({ state: event.state })
    else if (event.kind === 'broker-down') change({ connected: false })
    else if (event.kind === 'broker-up') change({ connected: true })
  }
}

/** It has joined and its broker answers. A quiet worker is ready too: that is an order, no trouble. */
export function isReady({ state, connected }: WorkerCondition): boolean {
  return connected && (state === 'running' || state === 'quiet')
}

import { hostname } from 'node:os'
import type { WorkerInfo } from '@millrace/broker'
import { VERSION } from '../version.js'
import type { WorkerState } from '../worker-event.js'

export interface WorkerFacts
  extends Pick<WorkerInfo, 'id' | 'queues' | 'concurrency' | 'startedAt' | 'running' | 'jobs'> {
  readonly state: WorkerState
  /** How late the event loop was at worst since it was last asked. */
  readonly lateMs: number
}

/** What monitors are shown of this process. */
export function describeWorker({ state, lateMs, ...facts }: WorkerFacts): WorkerInfo {
  return {
    ...facts,
    host: hostname(),
    pid: process.pid,
    version: VERSION,
    state: state === 'idle' ? 'starting' : state,
    eventLoopDelayMs: Math.round(lateMs),
    rssBytes: process.memoryUsage.rss(),
  }
}

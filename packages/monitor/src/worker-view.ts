import type { RunningJob, SeenWorker } from '@millrace/broker'
import { callOptions, clockOf, type MonitorScope } from './monitor-scope.js'

/** A worker as it last announced itself; forgotten 60 s after its last sign of life. */
export interface WorkerView {
  readonly id: string
  readonly host: string
  readonly pid: number
  /** Of Millrace. */
  readonly version: string
  readonly queues: readonly string[]
  /** Handlers that may run at once. */
  readonly concurrency: number
  /** Handlers that run. */
  readonly running: number
  readonly state: SeenWorker['state']
  /** Ms since the epoch, by the worker's clock. */
  readonly startedAt: number
  /** Since `startedAt`, ms, by this process's clock. */
  readonly uptimeMs: number
  /** Its last sign of life, ms since the epoch, by the store's clock. */
  readonly seenAt: number
  readonly eventLoopDelayMs: number | null
  readonly rssBytes: number | null
  /** What runs, about the longest first; at most 50, `running` counts them all. */
  readonly jobs: readonly RunningJob[]
}

/** By host, then process id. */
export async function readWorkers(scope: MonitorScope): Promise<WorkerView[]> {
  const broker = await scope.broker()
  const now = clockOf(scope).now()
  const views = (await broker.inspect.workers(callOptions(scope))).map((info) => viewWorker(info, now))
  return views.sort((a, b) => (a.host === b.host ? a.pid - b.pid : a.host < b.host ? -1 : 1))
}

export function viewWorker(info: SeenWorker, now: number): WorkerView {
  return {
    id: info.id,
    host: info.host,
    pid: info.pid,
    version: info.version,
    queues: info.queues,
    concurrency: info.concurrency,
    running: info.running,
    state: info.state,
    startedAt: info.startedAt,
    uptimeMs: Math.max(0, now - info.startedAt),
    seenAt: info.seenAt,
    eventLoopDelayMs: info.eventLoopDelayMs ?? null,
    rssBytes: info.rssBytes ?? null,
    jobs: info.jobs ?? [],
  }
}

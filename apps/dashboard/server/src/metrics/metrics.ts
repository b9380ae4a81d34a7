import type { QueueView, WorkerView } from '@millrace/monitor'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ApiContext } from '../api/api-context.js'
import { BoundedLabels } from './bounded-labels.js'
import { durationHistogram } from './duration-histogram.js'
import { TaskCounters } from './task-counters.js'

const MAX_QUEUES = 500
const STATES = ['ready', 'running', 'due', 'parked', 'failed'] as const
const WORKER_STATES = ['starting', 'running', 'quiet', 'draining', 'stopped'] as const

/** What Prometheus scrapes. Labels are bounded: 500 queues, 200 tasks, the rest together as `(other)`. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #queues = new BoundedLabels(MAX_QUEUES)
  readonly #tasks: TaskCounters
  readonly #requests: Histogram<'route' | 'status'>

  constructor(private readonly context: Pick<ApiContext, 'app' | 'readings' | 'watch' | 'clock'>) {
    this.#tasks = new TaskCounters(context.app.monitor, context.clock, this.#registry)
    this.#requests = new Histogram({
      name: 'millrace_dashboard_request_seconds',
      help: 'Time to answer a request of the dashboard, by kind and class of status.',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.15, 0.5, 1, 5],
      registers: [this.#registry],
    })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** `route`: of a fixed set. */
  answered(route: 'api' | 'pages' | 'metrics', status: number, ms: number): void {
    this.#requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, ms / 1000)
  }

  /** The text for a scrape. Rejects without a broker. */
  async text(): Promise<string> {
    const { readings, watch } = this.context
    const [queues, workers, leader, durations] = await Promise.all([
      readings.queues(),
      readings.workers(),
      readings.leader(),
      readings.durations(),
      this.#tasks.catchUp(),
    ])
    const now = new Registry()
    addQueues(now, queues.value, this.#queues)
    addWorkers(now, workers.value)
    const leads = leader.value !== null && leader.value.endedAt === null
    gauge(now, 'millrace_leader', 'Whether a dispatcher leads, as far as the store knows.').set(leads ? 1 : 0)
    gauge(now, 'millrace_leader_epoch', 'The fencing number of the last term.').set(leader.value?.epoch ?? 0)
    gauge(now, 'millrace_dashboard_viewers', 'Open event streams of this dashboard.').set(watch.viewers)
    return [await now.metrics(), durationHistogram(durations.value), await this.#registry.metrics()].join('\n')
  }
}

function gauge<Label extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[] = [],
): Gauge<Label> {
  return new Gauge({ name, help, labelNames, registers: [registry] })
}

function addQueues(registry: Registry, queues: readonly QueueView[], labels: BoundedLabels): void {
  const jobs = gauge(registry, 'millrace_queue_jobs', 'Jobs in a queue, by state; ready counts suspects.', [
    'queue',
    'state',
  ])
  const oldest = gauge(
    registry,
    'millrace_queue_oldest_ready_seconds',
    'How long the oldest ready job has waited; 0 when none waits.',
    ['queue'],
  )
  const paused = gauge(registry, 'millrace_queue_paused', 'Whether a queue is paused.', ['queue'])
  const ended = new Counter({
    name: 'millrace_queue_attempts_total',
    help: 'Attempts that ended, by queue and outcome, since the queue was made.',
    labelNames: ['queue', 'outcome'],
    registers: [registry],
  })
  const ages = new Map<string, number>()
  for (const view of queues) {
    const queue = labels.of(view.queue)
    const counts = { ...view, ready: view.ready + view.suspects }
    for (const state of STATES) jobs.inc({ queue, state }, counts[state])
    paused.inc({ queue }, view.paused ? 1 : 0)
    ages.set(queue, Math.max(ages.get(queue) ?? 0, view.oldestReadyMs ?? 0))
    for (const outcome of ['succeeded', 'retried', 'failed', 'crashed'] as const)
      ended.inc({ queue, outcome }, view.totals[outcome])
  }
  for (const [queue, ms] of ages) oldest.set({ queue }, ms / 1000)
}

function addWorkers(registry: Registry, workers: readonly WorkerView[]): void {
  const count = gauge(registry, 'millrace_workers', 'Workers, by state.', ['state'])
  for (const state of WORKER_STATES) count.set({ state }, workers.filter((worker) => worker.state === state).length)
  const sum = (pick: (worker: WorkerView) => number) => workers.reduce((total, each) => total + pick(each), 0)
  const most = (pick: (worker: WorkerView) => number | null) => Math.max(0, ...workers.map((each) => pick(each) ?? 0))
  gauge(registry, 'millrace_worker_concurrency', 'Handlers that may run at once, over all workers.').set(
    sum((each) => each.concurrency),
  )
  gauge(registry, 'millrace_worker_running', 'Handlers that run, over all workers.').set(sum((each) => each.running))
  gauge(registry, 'millrace_worker_event_loop_delay_seconds', 'The latest event loop of all workers.').set(
    most((each) => each.eventLoopDelayMs) / 1000,
  )
  gauge(registry, 'millrace_worker_resident_bytes', 'Memory of the largest worker.').set(most((each) => each.rssBytes))
}

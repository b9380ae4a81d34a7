import type { Clock } from '@millrace/core'
import type { Monitor, SeriesStep } from '@millrace/monitor'
import { Counter, type Registry } from 'prom-client'
import { BoundedLabels } from './bounded-labels.js'

const MINUTE = 60_000
const MAX_TASKS = 200
/** After a time without a scrape: how far it catches up. */
const MAX_MINUTES = 120
/** The store adds to a minute for some seconds after its end by this machine's clock. */
const SETTLE_MS = 10_000

/** What workers did per task, from the store's minutes: each is added once, when it is over. */
export class TaskCounters {
  readonly #attempts: Counter<'task' | 'outcome'>
  readonly #seconds: Counter<'task'>
  readonly #tasks = new BoundedLabels(MAX_TASKS)
  /** Minutes before this one are in. */
  #upTo: number
  #reading: Promise<void> | undefined

  constructor(
    private readonly monitor: Monitor,
    private readonly clock: Clock,
    registry: Registry,
  ) {
    const registers = [registry]
    this.#attempts = new Counter({
      name: 'millrace_task_attempts_total',
      help: 'Attempts that ended, by task and outcome, since this dashboard started; by the minute.',
      labelNames: ['task', 'outcome'],
      registers,
    })
    this.#seconds = new Counter({
      name: 'millrace_task_handler_seconds_total',
      help: 'Time spent in handlers, by task, since this dashboard started; by the minute.',
      labelNames: ['task'],
      registers,
    })
    this.#upTo = this.#lastOver()
  }

  /** Adds the minutes that are over since the last call; at most one read a minute. */
  async catchUp(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    await this.#reading
  }

  async #read(): Promise<void> {
    const to = this.#lastOver()
    const from = Math.max(this.#upTo, to - MAX_MINUTES * MINUTE)
    if (from >= to) return
    const queues = await this.monitor.series({ unit: 'minute', from, to })
    for (const step of queues.flatMap(({ steps }) => steps)) this.#add(step)
    this.#upTo = to
  }

  #add({ tasks }: SeriesStep): void {
    for (const { task, succeeded, retried, failed, busyMs } of tasks) {
      const name = this.#tasks.of(task)
      this.#attempts.inc({ task: name, outcome: 'succeeded' }, succeeded)
      this.#attempts.inc({ task: name, outcome: 'retried' }, retried)
      this.#attempts.inc({ task: name, outcome: 'failed' }, failed)
      this.#seconds.inc({ task: name }, busyMs / 1000)
    }
  }

  #lastOver(): number {
    return Math.floor((this.clock.now() - SETTLE_MS) / MINUTE) * MINUTE
  }
}

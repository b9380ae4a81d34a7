import type { Clock } from '@millrace/core'
import type {
  HealthView,
  LeaderView,
  Monitor,
  QueueView,
  ScheduleView,
  TaskDurations,
  WorkerView,
} from '@millrace/monitor'
import { SharedReadings } from './shared-readings.js'

/** What was read, and when, ms since the epoch. */
export interface Reading<Value> {
  readonly at: number
  readonly value: Value
}

/** How long one look at something stands for all who ask, ms. */
const LIVE_MS = 1_500
const CALM_MS = 5_000
const HEALTH_MS = 60_000
/** Groups of failures are read from many jobs: they stand longer. */
export const GROUPS_MS = 3_000
const PAGE = 'page '

/** The readings that pages, live events and metrics have in common. */
export class StoreReadings {
  readonly shared: SharedReadings

  constructor(
    private readonly monitor: Monitor,
    private readonly clock: Clock,
  ) {
    this.shared = new SharedReadings(clock)
  }

  queues(): Promise<Reading<readonly QueueView[]>> {
    return this.#read('queues', LIVE_MS, () => this.monitor.queues())
  }

  workers(): Promise<Reading<readonly WorkerView[]>> {
    return this.#read('workers', LIVE_MS, () => this.monitor.workers())
  }

  durations(): Promise<Reading<readonly TaskDurations[]>> {
    return this.#read('durations', CALM_MS, () => this.monitor.durations())
  }

  leader(): Promise<Reading<LeaderView | null>> {
    return this.#read('leader', LIVE_MS, () => this.monitor.leader())
  }

  /** Null where the broker keeps none. */
  schedules(): Promise<Reading<readonly ScheduleView[] | null>> {
    return this.#read('schedules', CALM_MS, async () => {
      try {
        return await this.monitor.schedules()
      } catch (error) {
        if ((error as { code?: unknown }).code === 'INVALID_OPTION') return null
        throw error
      }
    })
  }

  health(): Promise<Reading<HealthView>> {
    return this.#read('health', HEALTH_MS, () => this.monitor.health())
  }

  /** Something of a page: shared by those who ask for just the same. */
  page<Value>(key: string, read: () => Promise<Value>, forMs = LIVE_MS): Promise<Value> {
    return this.shared.read(PAGE + key, forMs, read)
  }

  /** Jobs and lists of them read before now are not what is there now. Other pages show what is at most their time old. */
  forgetJobs(): void {
    this.shared.forget(`${PAGE}job `)
    this.shared.forget(`${PAGE}jobs `)
  }

  #read<Value>(key: string, forMs: number, read: () => Promise<Value>): Promise<Reading<Value>> {
    return this.shared.read(key, forMs, async () => ({ value: await read(), at: this.clock.now() }))
  }
}

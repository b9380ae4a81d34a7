import type { Clock } from '@millrace/core'
import type { LiveEvent, LiveTopic, Operation } from '../contract/index.js'
import type { QueueRates } from './queue-rates.js'
import { GROUPS_MS, type StoreReadings } from './store-readings.js'
import { Viewer } from './viewer.js'

const MAX_VIEWERS = 1_000
/** Schedules change rarely: every so many looks. */
const CALM_LOOKS = 5
/** What their pages show may be older than the change that is told: told once more when that stands no longer. */
const TOLD_AGAIN: readonly LiveTopic[] = ['retries', 'failed']

interface Entry {
  readonly viewer: Viewer
  readonly lasts: () => Promise<boolean>
}

/** Looks at the broker while somebody watches, once for all of them, and tells each what may read differently. */
export class Watch {
  readonly #entries = new Set<Entry>()
  #watching = false
  #timer: NodeJS.Timeout | undefined
  #looks = 0
  #seen = new Map<LiveTopic, string>()
  #pending = new Set<LiveTopic>()
  /** When, on the monotonic clock. */
  readonly #again = new Map<LiveTopic, number>()
  #closed = false

  constructor(
    private readonly parts: {
      readonly readings: StoreReadings
      readonly rates: QueueRates
      readonly clock: Clock
      readonly everyMs: number
    },
  ) {}

  get viewers(): number {
    return this.#entries.size
  }

  /** A stream of events; undefined where too many are open. `lasts`: whether its viewer is still signed in. */
  open(lasts: () => Promise<boolean>): ReadableStream<Uint8Array> | undefined {
    if (this.#closed || this.#entries.size >= MAX_VIEWERS) return undefined
    const { clock, everyMs } = this.parts
    const viewer = new Viewer({ at: clock.now(), everyMs }, () => this.#entries.delete(entry))
    const entry: Entry = { viewer, lasts }
    this.#entries.add(entry)
    if (!this.#watching) {
      this.#watching = true
      this.#plan(0)
    }
    return viewer.stream
  }

  operation(operation: Operation): void {
    for (const { viewer } of this.#entries) viewer.operation(operation)
  }

  /** Something was changed through this dashboard: told with the next look. */
  touched(...topics: readonly LiveTopic[]): void {
    for (const topic of topics) this.#pending.add(topic)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const { viewer } of [...this.#entries]) viewer.close()
  }

  #plan(ms: number): void {
    if (this.#closed || this.#entries.size === 0) {
      this.#watching = false
      this.#seen = new Map()
      return
    }
    this.#timer = setTimeout(() => void this.#look(), ms)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    try {
      await Promise.all(
        [...this.#entries].map(async ({ viewer, lasts }) => {
          if (!(await lasts())) viewer.signedOut()
        }),
      )
      const event = await this.#read()
      if (event !== undefined) for (const { viewer } of this.#entries) viewer.live(event)
    } catch {
      for (const { viewer } of this.#entries) viewer.brokerLost()
    }
    this.#plan(this.parts.everyMs)
  }

  /** Undefined where nothing changed since the look before. */
  async #read(): Promise<LiveEvent | undefined> {
    const { readings, rates, clock } = this.parts
    const calm = this.#looks++ % CALM_LOOKS === 0
    const [queues, workers, leader, schedules] = await Promise.all([
      readings.queues(),
      readings.workers(),
      readings.leader(),
      calm ? readings.schedules() : undefined,
    ])
    rates.note(queues)
    const counts = queues.value.map((queue) => ({ ...queue, oldestReadyMs: undefined, reports: undefined }))
    const topics = this.#pending
    this.#pending = new Set()
    const first = this.#seen.size === 0
    const compare = (topic: LiveTopic, value: unknown, ...others: LiveTopic[]) => {
      if (this.#changed(topic, value)) for (const each of [topic, ...others]) topics.add(each)
    }
    compare('queues', counts, 'overview', 'jobs', 'job')
    compare(
      'job',
      queues.value.map(({ reports }) => reports),
    )
    compare(
      'retries',
      counts.map(({ due, totals }) => [due, totals.retried]),
    )
    compare(
      'failed',
      counts.map(({ failed, totals }) => [failed, totals.failed]),
    )
    compare(
      'workers',
      workers.value.map((worker) => ({ ...worker, uptimeMs: undefined })),
    )
    compare('leader', leader.value)
    if (schedules !== undefined) compare('schedules', schedules.value)
    const now = clock.monotonic()
    for (const topic of TOLD_AGAIN) {
      if (topics.has(topic) && !first) this.#again.set(topic, now + GROUPS_MS)
      else if ((this.#again.get(topic) ?? Number.POSITIVE_INFINITY) <= now) {
        this.#again.delete(topic)
        topics.add(topic)
      }
    }
    if (topics.size === 0) return undefined
    // Whoever asks because of this must not be given what was read before it: there may be no other change to ask for.
    if (topics.has('job')) readings.forgetJobs()
    const sum = (pick: (queue: (typeof counts)[number]) => number) => counts.reduce((all, each) => all + pick(each), 0)
    return {
      at: clock.now(),
      topics: [...topics],
      totals: {
        ready: sum((queue) => queue.ready + queue.suspects),
        running: sum((queue) => queue.running),
        due: sum((queue) => queue.due),
        parked: sum((queue) => queue.parked),
        failed: sum((queue) => queue.failed),
        workers: workers.value.length,
      },
      perSecond: rates.latest(),
    }
  }

  #changed(topic: LiveTopic, value: unknown): boolean {
    const text = JSON.stringify(value)
    const before = this.#seen.get(topic)
    this.#seen.set(topic, text)
    return before !== text
  }
}

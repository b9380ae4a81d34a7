import { type LaneSeries, MAX_SERIES_STEPS, type SeriesPoint, type SeriesQuery, type TaskTally } from '@millrace/broker'

const UNITS = {
  minute: { ms: 60_000, kept: 48 * 60 },
  hour: { ms: 3_600_000, kept: 90 * 24 },
} as const
const MAX_TASKS = 100

interface Page {
  readonly tasks: Map<string, TaskTally>
  backlog: number | undefined
  oldestReadyMs: number | undefined
}

/** What ran and what waited in one lane, by minute and by hour. */
export class LaneBook {
  readonly #pages = { minute: new Map<number, Page>(), hour: new Map<number, Page>() }
  #sampledAt = 0

  count(now: number, tallies: readonly TaskTally[]): void {
    for (const tally of tallies) {
      for (const unit of ['minute', 'hour'] as const) addTally(this.#page(unit, now), tally)
    }
  }

  sample(now: number, seen: { readonly backlog: number; readonly oldestReadyMs: number | undefined }): void {
    this.#sampledAt = now
    for (const unit of ['minute', 'hour'] as const) {
      const page = this.#page(unit, now)
      page.backlog = seen.backlog
      page.oldestReadyMs = seen.oldestReadyMs
    }
  }

  read({ unit, from, to }: SeriesQuery): LaneSeries {
    const { ms } = UNITS[unit]
    const first = Math.floor(from / ms)
    const last = Math.min(Math.ceil(to / ms) - 1, first + MAX_SERIES_STEPS - 1)
    const points: SeriesPoint[] = []
    for (const [index, { tasks, backlog, oldestReadyMs }] of this.#pages[unit]) {
      if (index < first || index > last) continue
      points.push({ at: index * ms, tasks: [...tasks.values()], backlog, oldestReadyMs })
    }
    points.sort((a, b) => a.at - b.at)
    return { points, lookedUntil: (Math.floor(this.#sampledAt / UNITS.minute.ms) + 1) * UNITS.minute.ms }
  }

  #page(unit: 'minute' | 'hour', now: number): Page {
    const pages = this.#pages[unit]
    const index = Math.floor(now / UNITS[unit].ms)
    let page = pages.get(index)
    if (page === undefined) {
      page = { tasks: new Map(), backlog: undefined, oldestReadyMs: undefined }
      pages.set(index, page)
      for (const old of pages.keys()) if (old < index - UNITS[unit].kept) pages.delete(old)
    }
    return page
  }
}

function addTally({ tasks }: Page, tally: TaskTally): void {
  const task = tasks.has(tally.task) || tasks.size < MAX_TASKS ? tally.task : '(other)'
  const sum = tasks.get(task) ?? { task, succeeded: 0, retried: 0, failed: 0, busyMs: 0 }
  tasks.set(task, {
    task,
    succeeded: sum.succeeded + tally.succeeded,
    retried: sum.retried + tally.retried,
    failed: sum.failed + tally.failed,
    busyMs: sum.busyMs + tally.busyMs,
  })
}

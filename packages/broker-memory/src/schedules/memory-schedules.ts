import type {
  Epoch,
  ScheduleAgenda,
  ScheduleDelivered,
  ScheduleDelivery,
  ScheduleFiring,
  SchedulePut,
  SchedulesPort,
  StoredSchedule,
} from '@millrace/broker'
import { MAX_SCHEDULE_BACKLOG, MAX_SCHEDULES_A_CALL } from '@millrace/broker'
import { StaleEpochError } from '@millrace/core'
import type { Connection } from '../connection.js'
import type { AppStore } from '../store/app-store.js'
import type { ScheduleEntry } from './schedule-book.js'

const DEFAULT_PAGE = 100
const TICKS_A_DELIVERY = 20
const DEPLOYMENT_KEPT_MS = 24 * 60 * 60 * 1_000

export class MemorySchedules implements SchedulesPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async read(names: readonly string[]) {
    const app = this.#connection.store()
    return { now: app.clock.now(), schedules: names.map((name) => viewOf(app.schedules.entries.get(name))) }
  }

  async list(query: { readonly cursor?: string; readonly limit?: number }) {
    const { entries } = this.#connection.store().schedules
    const limit = Math.min(MAX_SCHEDULES_A_CALL, Math.max(1, query.limit ?? DEFAULT_PAGE))
    const names = [...entries.keys()].filter((name) => name > (query.cursor ?? '')).sort()
    const page = names.slice(0, limit)
    return {
      schedules: page.map((name) => viewOf(entries.get(name)) as StoredSchedule),
      cursor: names.length > limit ? page.at(-1) : undefined,
    }
  }

  async put(puts: readonly SchedulePut[]): Promise<readonly boolean[]> {
    const app = this.#connection.store()
    const { schedules: book, clock } = app
    const earliest = earliestOf(book.entries, (entry) => entry.nextTick) ?? Number.POSITIVE_INFINITY
    return puts.map(({ definition, seen, nextTick, watermark, paused }) => {
      const known = book.entries.get(definition.name)
      if (known?.revision !== seen) return false
      book.lastRevision += 1
      const kept = known ?? {
        fired: 0,
        skipped: 0,
        lastTick: undefined,
        createdAt: clock.now(),
        backlog: [],
        deliverAt: undefined,
      }
      const revision = String(book.lastRevision)
      book.entries.set(definition.name, { ...kept, definition, revision, nextTick, watermark, paused })
      if (nextTick !== undefined && nextTick < earliest) app.newLane.ring()
      return true
    })
  }

  async remove(names: readonly string[]): Promise<number> {
    const { entries } = this.#connection.store().schedules
    return names.filter((name) => entries.delete(name)).length
  }

  async claim(owner: string, deployment: string): Promise<'new' | 'current' | 'superseded'> {
    const app = this.#connection.store()
    const now = app.clock.now()
    const owned = app.schedules.deployments.get(owner)
    for (const [id, seenAt] of owned?.superseded ?? []) {
      if (seenAt <= now - DEPLOYMENT_KEPT_MS) owned?.superseded.delete(id)
    }
    if (owned?.current === deployment) return 'current'
    if (owned?.superseded.has(deployment)) {
      owned.superseded.set(deployment, now)
      return 'superseded'
    }
    owned?.superseded.set(owned.current, now)
    app.schedules.deployments.set(owner, { current: deployment, superseded: owned?.superseded ?? new Map() })
    return 'new'
  }

  async agenda(epoch: Epoch, aheadMs: number): Promise<ScheduleAgenda> {
    const app = this.#fenced(epoch)
    const now = app.clock.now()
    const planned = [...app.schedules.entries.values()]
      .filter((entry) => entry.nextTick !== undefined)
      .sort((a, b) => (a.nextTick as number) - (b.nextTick as number))
    const ripe = planned.findIndex((entry) => (entry.nextTick as number) > now + aheadMs)
    const count = Math.min(ripe < 0 ? planned.length : ripe, MAX_SCHEDULES_A_CALL)
    const dueAt = planned[count]?.nextTick
    const crowdAt = planned[count + MAX_SCHEDULES_A_CALL - 1]?.nextTick
    return {
      now,
      due: planned.slice(0, count).map(({ definition, revision, nextTick, fired }) => ({
        name: definition.name,
        revision,
        tick: nextTick as number,
        fired,
      })),
      dueAt,
      crowded: crowdAt !== undefined && crowdAt <= (dueAt as number) + 1_000,
      deliverAt: earliestOf(app.schedules.entries, (entry) => entry.deliverAt),
    }
  }

  async fire(epoch: Epoch, firings: readonly ScheduleFiring[]): Promise<readonly boolean[]> {
    const app = this.#fenced(epoch)
    return firings.map((firing) => {
      const entry = app.schedules.entries.get(firing.name)
      if (entry === undefined || entry.revision !== firing.revision || entry.nextTick !== firing.tick) return false
      const { lane, ticks } = firing
      const free = Math.max(0, MAX_SCHEDULE_BACKLOG - entry.backlog.length)
      const queued = firing.overlap === 'queue'
      entry.backlog.push(...ticks.slice(0, free).map((tick) => ({ tick, lane, queued })))
      entry.skipped += Math.max(0, ticks.length - free)
      entry.fired += ticks.length
      entry.lastTick = ticks.at(-1) ?? entry.lastTick
      entry.watermark = firing.watermark
      entry.nextTick = firing.nextTick
      if (entry.backlog.length > 0) entry.deliverAt ??= app.clock.now()
      return true
    })
  }

  async deliveries(epoch: Epoch): Promise<readonly ScheduleDelivery[]> {
    const app = this.#fenced(epoch)
    const now = app.clock.now()
    return [...app.schedules.entries.values()]
      .filter(({ deliverAt }) => deliverAt !== undefined && deliverAt <= now)
      .sort((a, b) => (a.deliverAt as number) - (b.deliverAt as number))
      .slice(0, MAX_SCHEDULES_A_CALL)
      .map(({ definition, revision, backlog }) => ({
        name: definition.name,
        revision,
        ticks: backlog.slice(0, backlog[0]?.queued ? 1 : TICKS_A_DELIVERY).map(({ tick, lane }) => ({ tick, lane })),
      }))
  }

  async delivered(epoch: Epoch, answers: readonly ScheduleDelivered[]): Promise<void> {
    const app = this.#fenced(epoch)
    for (const { name, first, done, skipped, retryMs } of answers) {
      const entry = app.schedules.entries.get(name)
      if (entry?.backlog[0]?.tick !== first) continue
      entry.backlog.splice(0, done)
      entry.skipped += skipped
      entry.deliverAt = entry.backlog.length === 0 ? undefined : app.clock.now() + retryMs
    }
  }

  #fenced(epoch: Epoch): AppStore {
    const app = this.#connection.store()
    if (epoch < app.epoch) throw new StaleEpochError({ epoch, seen: app.epoch })
    return app
  }
}

function viewOf(entry: ScheduleEntry | undefined): StoredSchedule | undefined {
  if (entry === undefined) return undefined
  const { definition, revision, nextTick, watermark, fired, skipped, paused, lastTick, createdAt, backlog } = entry
  const progress = { revision, nextTick, watermark, fired, skipped, paused, lastTick, createdAt }
  return { ...definition, ...progress, backlog: backlog.length }
}

function earliestOf(
  entries: ReadonlyMap<string, ScheduleEntry>,
  of: (entry: ScheduleEntry) => number | undefined,
): number | undefined {
  let earliest: number | undefined
  for (const entry of entries.values()) {
    const at = of(entry)
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at
  }
  return earliest
}

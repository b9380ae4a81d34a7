import { type DueSchedule, MAX_SCHEDULES_A_CALL, type ScheduleDelivery, type ScheduleFiring } from '@millrace/broker'
import { dueTicks } from '@millrace/core'
import { CALL } from './dispatch-scope.js'
import type { ScheduleScope } from './schedule-scope.js'
import type { ScheduleShelf } from './schedule-shelf.js'

/** A schedule whose ticks cannot be worked out here (a time zone that this Node does not know) is left alone for so long. */
const BROKEN_FOR_MS = 60_000
/** One that was changed while it was read is read again after so long. */
const CHANGED_FOR_MS = 20
/** Ticks of so many schedules are worked out at a stretch: the process may have jobs to run. */
const SLICE = 100

export interface FiringStep {
  /** Ticks that made a job. */
  readonly fired: number
  /** Those of them whose delivery needs no look at what is noted in the store: single ticks that wait for no other. */
  readonly deliveries: readonly ScheduleDelivery[]
  /** Store's clock, ms. */
  readonly now: number
  /** When the next schedule is due, store's clock; `undefined`: none is planned. */
  readonly dueAt: number | undefined
  /** When the next job must be brought to its lane, store's clock. */
  readonly deliverAt: number | undefined
  readonly more: boolean
}

/** Fires the ticks whose time has come. What was missed is judged from the stored watermark, never from when this term began. */
export class ScheduleFirer {
  readonly #scope: ScheduleScope
  readonly #shelf: ScheduleShelf
  /** Names, with the monotonic ms until when they are left alone. */
  readonly #broken = new Map<string, number>()

  constructor(scope: ScheduleScope, shelf: ScheduleShelf) {
    this.#scope = scope
    this.#shelf = shelf
  }

  async step(): Promise<FiringStep> {
    const { schedules, epoch, call, tally } = this.#scope
    const { now, due, dueAt, deliverAt } = await call(() => schedules.agenda(epoch, CALL))
    const able = due.filter(({ name }) => !this.#isBroken(name))
    if (able.length === 0)
      return { fired: 0, deliveries: [], now, dueAt: this.#nextLook(now, dueAt), deliverAt, more: false }
    await this.#shelf.fetch(able)
    const firings: ScheduleFiring[] = []
    for (const [index, each] of able.entries()) {
      if (index > 0 && index % SLICE === 0) await new Promise(setImmediate)
      const firing = this.#plan(each, now)
      if (firing !== undefined) firings.push(firing)
    }
    const answers = firings.length === 0 ? [] : await call(() => schedules.fire(epoch, firings, CALL))
    const done = firings.filter(({ ticks }, index) => answers[index] && ticks.length > 0)
    const fired = done.reduce((sum, { ticks }) => sum + ticks.length, 0)
    tally.fired += fired
    const deliveries = done
      .filter(({ ticks, overlap }) => ticks.length === 1 && overlap !== 'queue')
      .map(({ name, revision, ticks, lane }) => ({ name, revision, ticks: ticks.map((tick) => ({ tick, lane })) }))
    // The agenda was read before these moved on.
    const next = earliest([dueAt, ...firings.map(({ nextTick }) => nextTick)])
    const more = due.length === MAX_SCHEDULES_A_CALL
    return { fired, deliveries, now, dueAt: this.#nextLook(now, next), deliverAt, more }
  }

  /** `undefined`: changed since the agenda was read, or broken. */
  #plan({ name, revision, tick, fired }: DueSchedule, now: number): ScheduleFiring | undefined {
    const definition = this.#shelf.find(name, revision)
    if (definition === undefined) {
      this.#broken.set(name, this.#scope.clock.monotonic() + CHANGED_FOR_MS)
      return undefined
    }
    const { spec, call } = definition
    try {
      const left = spec.limit === undefined ? {} : { left: spec.limit - fired }
      const { ticks, passed, next } = dueTicks(spec, tick - 1, { now, ...left })
      return {
        name,
        revision,
        tick,
        ticks,
        lane: call.lane,
        overlap: spec.overlap,
        watermark: passed,
        nextTick: next,
      }
    } catch (error) {
      this.#broken.set(name, this.#scope.clock.monotonic() + BROKEN_FOR_MS)
      this.#scope.logger.error({ err: error, schedule: name }, 'the ticks of a schedule cannot be worked out here')
      return undefined
    }
  }

  /** What is left alone is due again when that is over. */
  #nextLook(now: number, dueAt: number | undefined): number | undefined {
    if (this.#broken.size === 0) return dueAt
    const soonest = now + Math.max(0, Math.min(...this.#broken.values()) - this.#scope.clock.monotonic())
    return dueAt === undefined ? soonest : Math.min(dueAt, soonest)
  }

  #isBroken(name: string): boolean {
    const until = this.#broken.get(name)
    if (until === undefined) return false
    if (until > this.#scope.clock.monotonic()) return true
    this.#broken.delete(name)
    return false
  }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

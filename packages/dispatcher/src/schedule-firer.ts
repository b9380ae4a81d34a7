import { type DueSchedule, MAX_SCHEDULES_A_CALL, type ScheduleDelivery, type ScheduleFiring } from '@millrace/broker'
import { dueTicks } from '@millrace/core'
import { CALL } from './dispatch-scope.js'
import type { ScheduleScope } from './schedule-scope.js'
import type { ScheduleShelf } from './schedule-shelf.js'

/** A schedule whose ticks cannot be worked out here (a time zone that this Node does not know) is left alone for so long. */
const BROKEN_FOR_MS = 60_000
/** One that was changed while it was read is read again after so long. */
const CHANGED_FOR_MS = 20
/** A crowd is fired so soon before its ticks: its jobs wait for them in their lanes, and are all ready when the time comes. */
const AHEAD_MS = 1_000
/** Ticks of so many schedules are worked out at a stretch: the process may have jobs to run. */
const SLICE = 100

export interface FiringStep {
  /** Ticks that made a job. */
  readonly fired: number
  /** Those of them whose delivery needs no look at what is noted in the store: single ticks that wait for no other. */
  readonly deliveries: readonly ScheduleDelivery[]
  /** Some of these are of ticks that are yet to come. */
  readonly early: boolean
  /** Store's clock, ms. */
  readonly now: number
  /** When to look again, store's clock; `undefined`: nothing is planned. */
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
  /** So many come due at about one time that firing them would make them late. */
  #crowded = false

  constructor(scope: ScheduleScope, shelf: ScheduleShelf) {
    this.#scope = scope
    this.#shelf = shelf
  }

  async step(): Promise<FiringStep> {
    const { schedules, epoch, call, tally } = this.#scope
    const aheadMs = this.#crowded ? AHEAD_MS : 0
    const agenda = await call(() => schedules.agenda(epoch, aheadMs, CALL))
    const { now, due, deliverAt } = agenda
    this.#crowded = agenda.crowded
    const dueAt = agenda.crowded ? (agenda.dueAt as number) - AHEAD_MS : agenda.dueAt
    const able = due.filter(({ name }) => !this.#isBroken(name))
    if (able.length === 0)
      return { fired: 0, deliveries: [], early: false, now, dueAt: this.#nextLook(now, dueAt), deliverAt, more: false }
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
    const waiting = able.map(({ tick }) => tick).filter((tick) => tick > now)
    // Those that are not fired early stand in the way of the rest: enough of them, and all wait for their tick.
    const blocked = waiting.length > 0 && 2 * firings.length < able.length
    if (blocked) this.#crowded = false
    // The agenda was read before these moved on.
    const next = earliest([blocked ? undefined : dueAt, ...waiting, ...firings.map(({ nextTick }) => nextTick)])
    const more = !blocked && due.length === MAX_SCHEDULES_A_CALL
    return { fired, deliveries, early: waiting.length > 0, now, dueAt: this.#nextLook(now, next), deliverAt, more }
  }

  /** `undefined`: changed since the agenda was read, broken, or not to be fired before its tick. */
  #plan({ name, revision, tick, fired }: DueSchedule, now: number): ScheduleFiring | undefined {
    const definition = this.#shelf.find(name, revision)
    if (definition === undefined) {
      this.#broken.set(name, this.#scope.clock.monotonic() + CHANGED_FOR_MS)
      return undefined
    }
    const { spec, call } = definition
    // Whether an earlier job has ended shows at the tick.
    if (tick > now && spec.overlap !== 'allow') return undefined
    try {
      const left = spec.limit === undefined ? {} : { left: spec.limit - fired }
      const { ticks, passed, next } = dueTicks(spec, tick - 1, { now: Math.max(now, tick), ...left })
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

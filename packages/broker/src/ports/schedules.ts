import type { MessageExtras, ScheduleSpec } from '@millrace/core'
import type { CallOptions } from './call.js'
import type { Epoch } from './dispatch.js'
import type { Lane } from './lane.js'
import type { JobAttrs } from './producer.js'

/** What a schedule enqueues at each tick. */
export interface ScheduledCall {
  readonly task: string
  readonly lane: Lane
  /** The input as JSON text. */
  readonly inputJson: string
  readonly extras?: MessageExtras
  readonly attrs?: JobAttrs
}

/** What a schedule is. Opaque to the store, but for its name and its owner. */
export interface ScheduleDefinition {
  readonly name: string
  readonly spec: ScheduleSpec
  readonly call: ScheduledCall
  /** Whose code defines it; absent: made at run time, and removed by nobody's code. */
  readonly owner?: string
}

/** How far a schedule has come. Instants in ms since the epoch. */
export interface ScheduleProgress {
  /** Changes with each `put`. */
  readonly revision: string
  /** The next tick that makes a job; absent: paused, not enabled, or over. */
  readonly nextTick: number | undefined
  /** Every tick up to here has been dealt with, and none of them ever is again. */
  readonly watermark: number
  /** Ticks that made a job. */
  readonly fired: number
  /** Ticks that made none because an earlier job had not ended. */
  readonly skipped: number
  readonly paused: boolean
  /** The last tick that made a job. */
  readonly lastTick: number | undefined
  readonly createdAt: number
  /** Ticks whose jobs are not on their lane yet. */
  readonly backlog: number
}

export interface StoredSchedule extends ScheduleDefinition, ScheduleProgress {}

/** A schedule as it is to be stored. */
export interface SchedulePut {
  readonly definition: ScheduleDefinition
  /** The revision that was read, `undefined` where none was there: another one there by now refuses the put. */
  readonly seen: string | undefined
  readonly nextTick: number | undefined
  readonly watermark: number
  readonly paused: boolean
}

/** A schedule whose next tick has come, or is about to. */
export interface DueSchedule {
  readonly name: string
  readonly revision: string
  readonly tick: number
  readonly fired: number
}

export interface ScheduleAgenda {
  /** The store's clock, ms since the epoch. */
  readonly now: number
  /** At most `MAX_SCHEDULES_A_CALL`, the longest due first. */
  readonly due: readonly DueSchedule[]
  /** When the next one is due, of those that `due` leaves out. */
  readonly dueAt: number | undefined
  /** Whether `MAX_SCHEDULES_A_CALL` or more of those that `due` leaves out come due within a second from `dueAt`. */
  readonly crowded: boolean
  /** When a job that was made must be brought to its lane (again). */
  readonly deliverAt: number | undefined
}

/** Moves a schedule on, from one tick to the next; by compare-and-set. */
export interface ScheduleFiring {
  readonly name: string
  readonly revision: string
  /** As read: fires nothing when another tick is next by now. */
  readonly tick: number
  /** Ticks that make a job; each is written down with the lane that it is for, in the same step. */
  readonly ticks: readonly number[]
  readonly lane: Lane
  readonly overlap: ScheduleSpec['overlap']
  readonly watermark: number
  readonly nextTick: number | undefined
}

/** Ticks of one schedule whose jobs are to be brought to their lane, oldest first. */
export interface ScheduleDelivery {
  readonly name: string
  readonly revision: string
  /** With `overlap: 'queue'`: the first one only. */
  readonly ticks: readonly { readonly tick: number; readonly lane: Lane }[]
}

export interface ScheduleDelivered {
  readonly name: string
  /** The first tick of the delivery: where it is no longer the first, this answer comes too late and changes nothing. */
  readonly first: number
  /** How many of its ticks are done with: on their lane, or skipped. */
  readonly done: number
  /** How many of these were skipped. */
  readonly skipped: number
  /** When to bring what is left, ms from now. */
  readonly retryMs: number
}

/** How many schedules one call takes or gives at most. */
export const MAX_SCHEDULES_A_CALL = 500
/** How many ticks of one schedule wait for their lane at most; further ones make no job. */
export const MAX_SCHEDULE_BACKLOG = 1_000

/**
 * Schedules, kept on one node of the store. The writes that carry an epoch reject with `StaleEpochError` when a newer term
 * was minted. A tick and its place in the delivery queue are one step; its job reaches its lane by an ordinary enqueue under an id
 * made of schedule and tick, repeated until it is acknowledged: so a tick makes one job, with two leaders too.
 */
export interface SchedulesPort {
  /** The store's clock and the schedules of these names, `undefined` where none is. */
  read(
    names: readonly string[],
    options?: CallOptions,
  ): Promise<{ readonly now: number; readonly schedules: readonly (StoredSchedule | undefined)[] }>
  /** All schedules by name. `limit`: 1 … 500, default 100. */
  list(
    query: { readonly cursor?: string; readonly limit?: number },
    options?: CallOptions,
  ): Promise<{ readonly schedules: readonly StoredSchedule[]; readonly cursor: string | undefined }>
  /** Stores schedules, each by compare-and-set; counts go on. False: another revision is there than was seen. */
  put(puts: readonly SchedulePut[], options?: CallOptions): Promise<readonly boolean[]>
  /** Removes schedules with what waits to be delivered. How many there were. */
  remove(names: readonly string[], options?: CallOptions): Promise<number>
  /**
   * Says that the code of `deployment` runs. `'new'`: never seen before, and the current one of its owner from now on; `'current'`: it
   * still is; `'superseded'`: a newer one has come since. Superseded ones are remembered for 24 h after they were last seen.
   */
  claim(owner: string, deployment: string, options?: CallOptions): Promise<'new' | 'current' | 'superseded'>
  /** `aheadMs`: with those that come due within so much. */
  agenda(epoch: Epoch, aheadMs: number, options?: CallOptions): Promise<ScheduleAgenda>
  /** At most `MAX_SCHEDULES_A_CALL`. False: overtaken, or fired already. */
  fire(epoch: Epoch, firings: readonly ScheduleFiring[], options?: CallOptions): Promise<readonly boolean[]>
  /** What is to be brought to its lane now: at most `MAX_SCHEDULES_A_CALL` schedules, 20 ticks of each. */
  deliveries(epoch: Epoch, options?: CallOptions): Promise<readonly ScheduleDelivery[]>
  delivered(epoch: Epoch, answers: readonly ScheduleDelivered[], options?: CallOptions): Promise<void>
}

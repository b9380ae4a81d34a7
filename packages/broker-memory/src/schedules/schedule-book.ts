import type { Lane, ScheduleDefinition } from '@millrace/broker'

/** One schedule as the store has it. */
export interface ScheduleEntry {
  definition: ScheduleDefinition
  revision: string
  nextTick: number | undefined
  watermark: number
  fired: number
  skipped: number
  paused: boolean
  lastTick: number | undefined
  readonly createdAt: number
  /** Ticks whose jobs are not on their lane yet, oldest first. */
  backlog: { readonly tick: number; readonly lane: Lane; readonly queued: boolean }[]
  /** When to bring the first of them to its lane, ms since the epoch; `undefined`: none waits. */
  deliverAt: number | undefined
}

/** Which code runs, of one owner. */
export interface OwnedDeployments {
  current: string
  /** Superseded ones, with when they were last seen. */
  readonly superseded: Map<string, number>
}

/** All schedules of one app. */
export class ScheduleBook {
  readonly entries = new Map<string, ScheduleEntry>()
  readonly deployments = new Map<string, OwnedDeployments>()
  lastRevision = 0
}

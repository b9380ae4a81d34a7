/** Schedules that a dispatcher's code defines: each ticks once a minute. */
export interface ScheduleOrder {
  readonly count: number
  /** Over the minute, evenly; or all at its start. */
  readonly ticks: 'spread' | 'together'
}

/** What a child process is told, through its environment. */
export interface DispatchOrder {
  readonly role: 'dispatcher' | 'worker'
  readonly url: string
  readonly schedules?: ScheduleOrder
}

/** What a child is asked; it answers with a `DispatchReading`. */
export type DispatchQuestion = 'read' | 'read-and-forget'

/** Since the process began, or last forgot. */
export interface DispatchReading {
  readonly leads: boolean
  readonly cpuMs: number
  readonly overMs: number
  /** Of each job that a worker has started: ms after it was due. */
  readonly lateness: readonly number[]
}

export const APP = 'dispatch'

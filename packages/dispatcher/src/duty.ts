/** A lane's agenda as last read, with the moment of reading on this process's monotonic clock. */
export interface LaneReading {
  /** Monotonic ms at which the agenda arrived. */
  readonly readAt: number
  /** The store's clock, ms, in that agenda. */
  readonly storeNow: number
  /** Store's clock, ms. */
  readonly dueAt: number | undefined
  /** Store's clock, ms. */
  readonly sweepAt: number | undefined
  /** Entries that wait. */
  readonly outbox: number
}

/** What one call of a duty did. */
export interface Step {
  /** Jobs, entries or records handled. */
  readonly done: number
  /** Whether another call would do more at once. */
  readonly more: boolean
}

/** One thing that the leader does for one lane, in bounded steps. */
export interface Duty {
  readonly name: string
  /** From when, monotonic ms, the duty has to run, as far as the reading tells. `Infinity`: nothing to do. */
  dueAt(reading: LaneReading): number
  step(): Promise<Step>
}

/** A moment of the store's clock on the monotonic clock of this process. Late by at most the way back of the reading. */
export function localTime(reading: LaneReading, storeMs: number | undefined): number {
  return storeMs === undefined ? Number.POSITIVE_INFINITY : reading.readAt + (storeMs - reading.storeNow)
}

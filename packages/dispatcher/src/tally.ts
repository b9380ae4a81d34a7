/** What this process has done as leader, over all its terms. */
export interface Tally {
  promoted: number
  reclaimed: number
  poisoned: number
  delivered: number
  trimmed: number
  /** Ticks of schedules. */
  fired: number
  /** Jobs of ticks that were brought to their lanes. */
  scheduled: number
}

export function newTally(): Tally {
  return { promoted: 0, reclaimed: 0, poisoned: 0, delivered: 0, trimmed: 0, fired: 0, scheduled: 0 }
}

import type { CallOptions } from './call.js'
import type { Lane } from './lane.js'

/** What can be wrong with a lane: a job is in exactly one place, and nothing speaks of a job that is gone. */
export type DefectKind =
  | 'entry-without-message'
  | 'message-without-place'
  | 'message-in-many-places'
  | 'fact-without-message'
  | 'tomb-without-entry'
  | 'seat-without-lease'
  | 'lease-without-seat'
  | 'unique-without-job'
  | 'join-without-job'
  | 'session-without-age'
  | 'many-tokens'
  | 'unknown-key'

export interface Defect {
  readonly kind: DefectKind
  /** The job's id, or the name of the seat, session or key. */
  readonly subject: string
  /** The structure in which it was seen, where there are several of the kind; else ''. */
  readonly place: string
}

export interface LaneCheck {
  /** Messages that were looked at. */
  readonly jobs: number
  /** The first ones, at most `limit`. */
  readonly defects: readonly Defect[]
  /** All of them, by kind; kinds without any are left out. */
  readonly counts: Readonly<Partial<Record<DefectKind, number>>>
}

export interface CheckQuery {
  /** How many defects are returned; default 1,000. All are counted. */
  readonly limit?: number
  /** Called with the number of entries read so far. */
  readonly onProgress?: (entries: number) => void
}

/**
 * The consistency check. It reads in bounded steps while the lane moves; what looks wrong is looked at again in one step,
 * so that a job on its way is no finding. A defect that comes and goes between two steps is not seen.
 */
export interface FsckPort {
  check(lane: Lane, query?: CheckQuery, options?: CallOptions): Promise<LaneCheck>
  /**
   * Mends what can be mended without a guess and returns it; the rest stays as it is. `not-paused`: the lane is not
   * paused, nothing was changed. Safe to repeat.
   */
  repair(lane: Lane, defects: readonly Defect[], options?: CallOptions): Promise<readonly Defect[] | 'not-paused'>
}

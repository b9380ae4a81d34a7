import type { CallOptions } from './call.js'
import type { JobRef, Lane } from './lane.js'

/** A job as the broker takes it. `message` is opaque; everything the store must know stands beside it. */
export interface NewJob {
  readonly id: string
  /** The wire text of the message (`encodeMessage`). */
  readonly message: string
  /** What an ordinary job does not have. Absent for most jobs: keep it absent, it is the fast path. */
  readonly attrs?: JobAttrs
  /**
   * Its producer is about to wait for its end: a store may take it as a waiter in the step that stores the job. A hint, which saves a
   * call; `ResultsPort.wait` is called all the same. Kept for such a waiter as for any other.
   */
  readonly awaited?: true
}

/** The non-default facts of a job that the store obeys. All durations in ms; all instants in ms since the epoch. */
export interface JobAttrs {
  /** A caller's or a derived id: refused as duplicate while it lives and for 24 h after it ends. */
  readonly named?: true
  /** Ready only after this long, by the store's clock. At most one of `delayMs` and `at`. */
  readonly delayMs?: number
  readonly at?: number
  /** −100…100, higher first; 0 is not stored. */
  readonly priority?: number
  readonly unique?: UniqueAttr
  /** Not started by then → `expired`, never run. Relative to arrival, by the store's clock. */
  readonly expiresMs?: number
  /** Handed out once; never again after a crash or a lost lease. */
  readonly atMostOnce?: true
  /** Crashes until it fails as poison, where not the default 3. */
  readonly maxCrashes?: number
  /** Parked (state `scheduled`) until this many upstream jobs have succeeded; ≥ 1. */
  readonly waitsFor?: number
  /** Where this job's output goes when it succeeds, and its failure when it fails. */
  readonly joins?: JoinTarget
}

export interface UniqueAttr {
  /** Unique within the lane; the client prefixes it with the task's name. At most 512 bytes. */
  readonly key: string
  /** Until the key is free again at the latest; absent: until the job ends (or starts). */
  readonly forMs?: number
  readonly until: 'done' | 'started'
}

/** A waiting job that takes this job's output as its `index`-th input. */
export interface JoinTarget extends JobRef {
  readonly index: number
}

export type EnqueueAnswer =
  | { readonly kind: 'accepted' }
  /** The named id lives, or ended within 24 h. Nothing was written for it. */
  | { readonly kind: 'duplicate' }
  /** Another job holds the unique key. Nothing was written for it. */
  | { readonly kind: 'conflict'; readonly holder: string }

export interface ProducerPort {
  /**
   * Puts up to `MAX_BATCH_JOBS` jobs on a lane: absent → `ready`, `scheduled` (delay, at, waitsFor).
   * One answer per job, in order. Everything is checked first: a rejected call wrote nothing
   * (except `OutcomeUnknownError`: nobody knows). Resent by the driver itself after a lost connection, executed once.
   */
  enqueue(lane: Lane, jobs: readonly NewJob[], options?: CallOptions): Promise<readonly EnqueueAnswer[]>
}

/**
 * Upper bounds of the buckets that attempts are counted in by their duration, ms, inclusive. One more bucket holds what took longer.
 * The store knows a bucket by its place in this list: other bounds need another layout of the store.
 */
export const DURATION_BOUNDS_MS = [
  5, 25, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 300_000, 1_800_000,
] as const

/** Names that a store counts at once; a further one takes the place of one that was silent for a day, else it is `(other)`. */
export const MAX_DURATION_TASKS = 200

/** How long the attempts of one task took. */
export interface TaskDurations {
  readonly task: string
  /** Sum of handler time, ms, whole. */
  readonly sumMs: number
  /** How many attempts fell into each bucket of `DURATION_BOUNDS_MS`, and last into the one beyond; not cumulative. */
  readonly counts: readonly number[]
}

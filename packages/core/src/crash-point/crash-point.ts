/**
 * The moments at which the death of a process is hardest to get right.
 *
 * `reserved`: jobs were handed to this worker, none has started. `effect-done`: a handler has returned, nothing is settled.
 * `ended-ahead`: a job's end was told to who waits for it, the exchange that settles it has not left.
 * `settled`: the broker has settled, this worker has not heard of it. `enqueued`: the broker has the jobs, their producer has not
 * heard of it. `reclaim-step`: a part of a dead worker's jobs is taken back, more are left. `outbox-found`: jobs have ended, what
 * follows from it waits in the outbox. `outbox-delivered`: it was brought to its lane, and still stands in the outbox.
 * `elected`: the election is won, nothing is written. `epoch-minted`: the term has its epoch and has done nothing yet.
 */
export type CrashPoint =
  | 'reserved'
  | 'effect-done'
  | 'ended-ahead'
  | 'settled'
  | 'enqueued'
  | 'reclaim-step'
  | 'outbox-found'
  | 'outbox-delivered'
  | 'elected'
  | 'epoch-minted'

/**
 * Marks such a moment. Does nothing, unless a function stood under `Symbol.for('millrace.crash-point')` on `globalThis` when this
 * module was loaded: tests preload one that kills the process. No setting reaches it, so nothing in production can.
 */
export const crashPoint: (point: CrashPoint) => void =
  (globalThis as { [key: symbol]: ((point: CrashPoint) => void) | undefined })[Symbol.for('millrace.crash-point')] ??
  (() => {})

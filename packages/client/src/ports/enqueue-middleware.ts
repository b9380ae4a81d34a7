/** A call of `enqueue` or `enqueueMany`, or one job of a workflow, before its inputs are validated. */
export interface EnqueueMessage {
  readonly task: string
  readonly queue: string
  /** One per job; a list of the same length may be put in its place. */
  inputs: readonly unknown[]
  /** Of every job of the call; to be added to. */
  readonly headers: Record<string, string>
}

/** Runs around a call. `next()` validates and sends; it rejects as the call would. */
export type EnqueueMiddleware = (message: EnqueueMessage, next: () => Promise<void>) => Promise<void>

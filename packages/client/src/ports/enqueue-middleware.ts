/** A call of `enqueue` or `enqueueMany`, or one job of a workflow, before its inputs are validated. */
export interface EnqueueMessage {
  readonly task: string
  readonly queue: string
  /** One per job; a list of the same length may be put in its place. */
  inputs: readonly unknown[]
  /** Of every job of the call; to be added to. */
  readonly headers: Record<string, string>
  /** The jobs' ids, in the order of `inputs`, once `next()` has resolved; where a unique key was taken, its holder's. */
  readonly ids: readonly string[]
  /** Of a job of a workflow: the call that enqueues it, the same object for all of its jobs. */
  readonly workflow?: WorkflowCall
}

export interface WorkflowCall {
  /** How many jobs the workflow has; each passes through the middleware by itself, all at once. */
  readonly jobs: number
}

/** Runs around a call. `next()` validates and sends; it rejects as the call would. */
export type EnqueueMiddleware = (message: EnqueueMessage, next: () => Promise<void>) => Promise<void>

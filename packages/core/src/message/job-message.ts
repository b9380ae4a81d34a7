/**
 * What an enqueued call looks like between a producer and a worker, once decoded.
 * On the wire it is one JSON array, see docs/WIRE.md and `job-message-codec.ts`.
 */
export interface JobMessage {
  readonly task: string
  /** The input as the caller gave it (JSON), not yet parsed by the worker's schema. */
  readonly input: unknown
  /** When the producer made it, ms since the epoch by the producer's clock. */
  readonly enqueuedAt: number
  readonly extras: MessageExtras
}

/** The sparse part: per-call overrides and what middleware attached. */
export interface MessageExtras {
  readonly headers?: Readonly<Record<string, string>>
  /** Attempt timeout of this call, ms; overrides the task's. */
  readonly timeoutMs?: number
  /** How a job that waited for others builds its input from their outputs. */
  readonly compose?: InputComposition
  /** Name of the codec that wrote `input`, when not plain JSON. */
  readonly codec?: string
}

/**
 * `output`: the input is the one upstream output (merged over by `input`, the static part, when both are objects).
 * `outputs`: the input is the array of all upstream outputs, in order; with a static part, `{ ...static, results: [...] }`.
 */
export interface InputComposition {
  readonly from: 'output' | 'outputs'
  /** Whether the message's `input` is a static part to merge in. */
  readonly merge: boolean
}

/** How many jobs one broker call may move. */
export const MAX_BATCH_JOBS = 1_000
/** How many bytes of messages one broker call may move. */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024

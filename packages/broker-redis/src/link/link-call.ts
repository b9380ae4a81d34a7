import type { CallOptions } from '@millrace/broker'

/** How one call behaves: `timeoutMs` until it rejects; default 10,000. */
export interface LinkCall extends CallOptions {
  /** Names the call in errors: `enqueue of 3 jobs on mail/0`. Asked only where there is one. */
  readonly what: () => string
  /** Ids whose fate the call decides: with them, a call that may have happened rejects with `OutcomeUnknownError`. */
  readonly ids?: () => readonly string[]
  /** What the script publishes is worth more than its answer, and leaves first. */
  readonly publishes?: boolean
  /** Its caller does nothing before the answer is here: where answers come quickly, it is polled for. */
  readonly polled?: boolean
}

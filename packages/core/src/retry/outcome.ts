/** What a handler did. The judge turns it into a verdict. */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** `ctx.retry({ delay })`, returned by the handler: a retry that it asks for. */
  | { readonly kind: 'asked-retry'; readonly delayMs: number | undefined }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number }
  /** Aborted from outside: `cancelled` by a user, `released` by a draining worker, `lease-lost` with its lease. */
  | { readonly kind: 'aborted'; readonly why: 'cancelled' | 'released' | 'lease-lost' }
  /** The job could not be started: bytes that are no message, input that fails the schema, a task nobody registered. */
  | { readonly kind: 'malformed'; readonly error: unknown }
  | { readonly kind: 'invalid-input'; readonly error: unknown }
  | { readonly kind: 'unknown-task'; readonly task: string }

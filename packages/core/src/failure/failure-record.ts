/**
 * A failure as data: what was thrown, made printable and bounded, so that it can be stored and shown
 * without ever reviving a class by name.
 */
export interface FailureRecord {
  /** The error's name, e.g. `TypeError`. At most 128 characters. */
  readonly name: string
  /** At most 2,048 characters. */
  readonly message: string
  /** At most 4,096 characters; absent where nothing with a stack was thrown. */
  readonly stack?: string
  /** JSON that the handler attached (`error.data`), if it is serializable and at most 2 KiB. */
  readonly data?: unknown
  /** Why Millrace gave up or retried: what kind of outcome this was. */
  readonly reason: FailureReason
  /** Which attempt it was; starts at 1. 0 for a failure outside any attempt. */
  readonly attempt: number
  /** When, ms since the epoch by the recorder's clock. */
  readonly at: number
}

export type FailureReason =
  | 'error'
  | 'fatal'
  | 'timeout'
  | 'retry-asked'
  | 'malformed'
  | 'invalid-input'
  | 'invalid-output'
  | 'unknown-task'
  | 'poison'
  | 'lease-lost'
  | 'upstream-failed'

/** How long one broker call may take, and who may give it up. */
export interface CallOptions {
  /**
   * Milliseconds until the call rejects: `BrokerUnavailableError` when it surely did nothing,
   * `OutcomeUnknownError` when it may have. Default: the driver's own, 10,000.
   */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Others held the lock for as long as the caller was ready to wait. Trying again later may succeed. */
export class LockNotWonError extends Error {
  readonly code = 'LOCK_NOT_WON'
  readonly key: string
  readonly waitMs: number

  constructor(detail: { readonly key: string; readonly waitMs: number }) {
    super(
      `The lock '${detail.key}' is held by another and was not free within ${detail.waitMs} ms: try later, or wait longer.`,
    )
    this.name = 'LockNotWonError'
    this.key = detail.key
    this.waitMs = detail.waitMs
  }
}

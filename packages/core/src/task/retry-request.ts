/** What `ctx.retry()` makes and a handler returns: asks for another attempt. Counts as an attempt. */
export class RetryRequest {
  /** How long to wait, ms; `undefined`: as the task's backoff says. */
  readonly delayMs: number | undefined

  constructor(delayMs?: number) {
    this.delayMs = delayMs
  }

  /** Holds for requests made by another installed copy of this package, too. */
  static [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false
    try {
      return (value as Record<symbol, unknown>)[BRAND] === true
    } catch {
      return false
    }
  }
}

const BRAND = Symbol.for('millrace.retry-request')
Object.defineProperty(RetryRequest.prototype, BRAND, { value: true })

import type { Clock, Logger } from '@millrace/core'
import type { Refusal } from './refusal.js'

const QUIET_MS = 10_000

/** Tells the server's log what went wrong. A broker that is gone is told once in 10 s, however many pages ask for it. */
export class FailureLog {
  #brokerToldAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  tell(refusal: Refusal, error: unknown, route: string): void {
    if (refusal.status < 500) return
    if (refusal.code !== 'broker-unavailable') {
      this.logger.error({ err: error, route }, 'a request of the dashboard failed')
      return
    }
    const now = this.clock.monotonic()
    if (now - this.#brokerToldAt < QUIET_MS) return
    this.#brokerToldAt = now
    const reason = error instanceof Error ? error.message : String(error)
    this.logger.warn({ route, reason }, 'the broker does not answer the dashboard')
  }
}

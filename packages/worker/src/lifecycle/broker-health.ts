import type { Logger } from '@millrace/core'
import type { WorkerEvent } from '../worker-event.js'

/** Says once when the broker goes away and once when it is back, however many lanes notice. */
export class BrokerHealth {
  readonly #failing = new Set<string>()
  lastError: unknown

  constructor(
    private readonly logger: Logger,
    private readonly onEvent: ((event: WorkerEvent) => void) | undefined,
  ) {}

  failed(where: string, error: unknown): void {
    this.lastError = error
    const first = this.#failing.size === 0
    this.#failing.add(where)
    if (!first) return
    this.logger.error({ err: error, where }, 'the broker does not answer: the worker keeps trying')
    this.onEvent?.({ kind: 'broker-down', error })
  }

  answered(where: string): void {
    if (!this.#failing.delete(where) || this.#failing.size > 0) return
    this.logger.info('the broker answers again')
    this.onEvent?.({ kind: 'broker-up' })
  }
}

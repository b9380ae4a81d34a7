import type { Broker } from '@millrace/broker'
import type { Clock } from '@millrace/core'
import type { Codec } from './codec.js'
import type { EnqueueMiddleware } from './enqueue-middleware.js'

/** What the producing side needs of the app. */
export interface ClientScope {
  /** The one broker of the app, opened on first use. */
  broker(): Promise<Broker>
  /** Largest input, UTF-8 bytes of JSON. */
  readonly maxInputBytes: number
  readonly codec: Codec | undefined
  /** Outermost first; read at each call, so that it may grow. */
  readonly enqueueMiddleware: readonly EnqueueMiddleware[]
  readonly clock: Clock
  /** How many lanes a queue has, ≥ 1. */
  lanes(queue: string): number
}

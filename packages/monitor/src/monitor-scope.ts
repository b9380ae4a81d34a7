import type { Broker, CallOptions } from '@millrace/broker'
import { type Clock, systemClock } from '@millrace/core'

/** What monitor and control need of the app. */
export interface MonitorScope {
  /** The one broker of the app, opened on first use. */
  broker(): Promise<Broker>
  /** The app's name. */
  readonly app: string
  /** How many lanes a queue has. Default: as many as are registered with the broker. */
  lanes?(queue: string): number
  /** How long one broker call may take, ms. Default: the driver's own, 10,000. */
  readonly timeoutMs?: number | undefined
  readonly clock?: Clock
}

export function callOptions(scope: MonitorScope): CallOptions {
  return scope.timeoutMs === undefined ? {} : { timeoutMs: scope.timeoutMs }
}

export function clockOf(scope: MonitorScope): Clock {
  return scope.clock ?? systemClock
}

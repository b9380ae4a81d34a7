import type { Clock, Logger } from '@millrace/core'
import type { Control, Monitor, MonitorScope, ScheduleControl } from '@millrace/monitor'
import type { Authenticator } from '../auth/authenticator.js'
import type { QueueRates } from '../live/queue-rates.js'
import type { StoreReadings } from '../live/store-readings.js'
import type { Watch } from '../live/watch.js'
import type { Operations } from '../operations/operations.js'
import type { Redaction } from '../redact/redaction.js'
import type { FailureLog } from './failure-log.js'

/** What of an app the dashboard needs; every `App` has it. */
export interface DashboardApp {
  readonly name: string
  readonly monitor: Monitor
  readonly control: Control & { readonly schedules: ScheduleControl }
  readonly logger: Logger
  /** For sign-ins alone. */
  readonly broker: MonitorScope['broker']
  /** Tasks that this process knows, for "attempt n of m". */
  readonly registry: {
    definition(name: string): { readonly policy: { readonly attempts: number } } | undefined
    names(): readonly string[]
  }
}

/** What every request works with. */
export interface ApiContext {
  readonly app: DashboardApp
  readonly authenticator: Authenticator
  readonly readings: StoreReadings
  readonly rates: QueueRates
  readonly watch: Watch
  readonly operations: Operations
  readonly redaction: Redaction
  readonly clock: Clock
  readonly failures: FailureLog
}

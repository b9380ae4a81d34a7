import type { Epoch, ProducerPort, SchedulesPort } from '@millrace/broker'
import type { Clock, Logger } from '@millrace/core'
import type { Tally } from './tally.js'

/** What the schedules of one term work with. */
export interface ScheduleScope {
  readonly schedules: SchedulesPort
  readonly producer: ProducerPort
  readonly epoch: Epoch
  readonly clock: Clock
  readonly logger: Logger
  readonly tally: Tally
  /** Every call to the store goes through it: in turn, and only while the term is trusted. */
  readonly call: <T>(run: () => Promise<T>) => Promise<T>
}

import type { ConsumerPort } from './consumer.js'
import type { ControlPort } from './control.js'
import type { DispatchPort } from './dispatch.js'
import type { FsckPort } from './fsck.js'
import type { InspectPort } from './inspect.js'
import type { ProducerPort } from './producer.js'
import type { ResultsPort } from './results.js'
import type { SchedulesPort } from './schedules.js'
import type { SignInsPort } from './sign-ins.js'

/** The store behind Millrace: nine roles, split by who calls them. */
export interface Broker {
  /** `redis`, `memory`, … */
  readonly kind: string
  /** False when only this process sees the jobs (memory): refused where several processes are needed. */
  readonly shared: boolean
  readonly producer: ProducerPort
  readonly consumer: ConsumerPort
  readonly dispatch: DispatchPort
  readonly results: ResultsPort
  readonly control: ControlPort
  readonly inspect: InspectPort
  readonly signIns: SignInsPort
  /** Absent where the driver keeps no schedules. */
  readonly schedules?: SchedulesPort
  /** Absent where there is no store that could be damaged (memory). */
  readonly fsck?: FsckPort
  /** Closes every connection. Calls in flight reject. Safe to repeat. */
  close(): Promise<void>
}

/** What a driver is told about the app. `prefix` starts every key; default `millrace`. */
export interface BrokerScope {
  readonly app: string
  readonly prefix?: string
}

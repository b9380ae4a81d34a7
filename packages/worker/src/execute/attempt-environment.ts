import type { Clock, Logger, Outcome, TaskRegistry, Verdict } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { WorkerHost } from '../host.js'
import type { TimerSource } from '../timer-source.js'
import type { WorkerEvent } from '../worker-event.js'
import type { FirstSight } from './first-sight.js'
import type { TimeoutWheel } from './timeout-wheel.js'

/** What all attempts of a worker share. */
export interface AttemptEnvironment {
  readonly host: WorkerHost
  readonly registry: TaskRegistry
  readonly logger: Logger
  readonly clock: Clock
  readonly timers: TimerSource
  readonly wheel: TimeoutWheel
  readonly random: () => number
  readonly leakAfterMs: number
  readonly maxOutputBytes: number
  readonly unknown: FirstSight
  readonly onEvent: ((event: WorkerEvent) => void) | undefined
  /** The attempt's verdict; called once per attempt. */
  ended(attempt: Attempt, verdict: Verdict, outcome: Outcome | undefined): void
  /** A handler came back after its attempt had ended. */
  returnedLate(attempt: Attempt): void
}

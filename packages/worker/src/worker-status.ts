import type { WorkerState } from './worker-event.js'

/** A snapshot for health checks and `millrace dev`. */
export interface WorkerStatus {
  readonly state: WorkerState
  readonly running: number
  /** Reserved, about to start. */
  readonly waiting: number
  /** Handlers that ignored their abort: they still run, their slots do not count. */
  readonly leaked: number
  /** Verdicts that the broker has not acknowledged. */
  readonly settling: number
  readonly seats: readonly SeatStatus[]
}

export interface SeatStatus {
  /** `queue/index`. */
  readonly lane: string
  /** `undefined` while a seat is being taken. */
  readonly incarnation: string | undefined
  /** Jobs held: reserved and not acknowledged as settled. */
  readonly held: number
}

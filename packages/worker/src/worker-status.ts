import type { Hold } from './hold.js'
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

/** What a status is read from. */
interface StatusSource {
  readonly state: WorkerState
  readonly runner: { readonly running: number; readonly waiting: number; readonly leaked: number }
  readonly desks: readonly { readonly name: string; readonly hold: Hold | undefined }[]
  /** Verdicts of seats that were given up and are still offered to them. */
  readonly unsettledLate: number
}

export function statusOf({ state, runner, desks, unsettledLate }: StatusSource): WorkerStatus {
  return {
    state,
    running: runner.running,
    waiting: runner.waiting,
    leaked: runner.leaked,
    settling: desks.reduce((sum, { hold }) => sum + (hold?.box.unsettled ?? 0), unsettledLate),
    seats: desks.map(({ name, hold }) => ({
      lane: name,
      incarnation: hold?.seat.incarnation,
      held: hold?.tokens.jobs ?? 0,
    })),
  }
}

import type { Reservation } from '@millrace/broker'
import type { Logger } from '@millrace/core'
import type { Hold } from '../hold.js'
import type { WorkerEvent } from '../worker-event.js'

const MAX_IDS = 20

export interface RefusalReport {
  readonly logger: Logger
  readonly onEvent: ((event: WorkerEvent) => void) | undefined
}

/** Says which verdicts came to nothing: the jobs were no longer held, another execution decides. */
export function reportRefused(hold: Hold, reservations: readonly Reservation[], to: RefusalReport): void {
  if (reservations.length === 0) return
  const { queue } = hold.lane
  const jobs = reservations.slice(0, MAX_IDS).map(({ id }) => id)
  to.logger.warn(
    { queue, incarnation: hold.seat.incarnation, count: reservations.length, jobs },
    'verdicts were discarded: the jobs were no longer held',
  )
  if (to.onEvent === undefined) return
  for (const { id, attemptsUsed } of reservations) {
    to.onEvent({ kind: 'lost', jobId: id, task: '', queue, attempt: attemptsUsed + 1 })
  }
}

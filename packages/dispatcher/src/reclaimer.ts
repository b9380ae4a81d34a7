import type { CrashedJob, Lane } from '@millrace/broker'
import { crashPoint } from '@millrace/core'
import { CALL, type DispatchScope } from './dispatch-scope.js'
import { type Duty, localTime } from './duty.js'
import type { Tally } from './tally.js'

/** Told of jobs that were charged a crash. Must not throw. */
export type CrashListener = (lane: Lane, crashed: readonly CrashedJob[]) => void

/** Takes back the jobs of workers whose lease has ended. */
export function reclaimer({ dispatch, lane, epoch }: DispatchScope, tally: Tally, told?: CrashListener): Duty {
  return {
    name: 'reclaim',
    dueAt: (reading) => localTime(reading, reading.sweepAt),
    async step() {
      const { reclaimed, poisoned, crashed, more } = await dispatch.reclaimExpired(lane, epoch, CALL)
      if (more) crashPoint('reclaim-step')
      tally.reclaimed += reclaimed
      tally.poisoned += poisoned
      if (crashed.length > 0) told?.(lane, crashed)
      return { done: reclaimed + poisoned, more }
    },
  }
}

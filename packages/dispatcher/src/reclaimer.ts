import { crashPoint } from '@millrace/core'
import { CALL, type DispatchScope } from './dispatch-scope.js'
import { type Duty, localTime } from './duty.js'
import type { Tally } from './tally.js'

/** Takes back the jobs of workers whose lease has ended. */
export function reclaimer({ dispatch, lane, epoch }: DispatchScope, tally: Tally): Duty {
  return {
    name: 'reclaim',
    dueAt: (reading) => localTime(reading, reading.sweepAt),
    async step() {
      const { reclaimed, poisoned, more } = await dispatch.reclaimExpired(lane, epoch, CALL)
      if (more) crashPoint('reclaim-step')
      tally.reclaimed += reclaimed
      tally.poisoned += poisoned
      return { done: reclaimed + poisoned, more }
    },
  }
}

import { CALL, type DispatchScope } from './dispatch-scope.js'
import { type Duty, localTime } from './duty.js'
import type { Tally } from './tally.js'

/** Moves jobs whose time has come to `ready`. */
export function promoter({ dispatch, lane, epoch }: DispatchScope, tally: Tally): Duty {
  return {
    name: 'promote',
    dueAt: (reading) => localTime(reading, reading.dueAt),
    async step() {
      const { promoted, more } = await dispatch.promoteDue(lane, epoch, CALL)
      tally.promoted += promoted
      return { done: promoted, more }
    },
  }
}

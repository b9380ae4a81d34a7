import { crashPoint } from '@millrace/core'
import { CALL, type DispatchScope } from './dispatch-scope.js'
import type { Duty } from './duty.js'
import type { Tally } from './tally.js'

/** Hands follow-ups to the lanes they are for. */
export function outboxDrainer({ dispatch, lane, epoch }: DispatchScope, tally: Tally): Duty {
  return {
    name: 'drain outbox',
    dueAt: (reading) => (reading.outbox > 0 ? reading.readAt : Number.POSITIVE_INFINITY),
    async step() {
      crashPoint('outbox-found')
      const { delivered, more } = await dispatch.drainOutbox(lane, epoch, CALL)
      tally.delivered += delivered
      return { done: delivered, more }
    },
  }
}

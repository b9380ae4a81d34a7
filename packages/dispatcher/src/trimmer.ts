import type { Clock } from '@millrace/core'
import { CALL, type DispatchScope } from './dispatch-scope.js'
import type { Duty } from './duty.js'
import type { Tally } from './tally.js'

export const TRIM_EVERY_MS = 10_000

/** Bounds what the lane keeps. The first trim comes at a random moment of the first period, so that lanes do not trim at once. */
export function trimmer({ dispatch, lane, epoch }: DispatchScope, tally: Tally, clock: Clock): Duty {
  let nextAt = clock.monotonic() + Math.random() * TRIM_EVERY_MS
  return {
    name: 'trim',
    dueAt: () => nextAt,
    async step() {
      const { trimmed, more } = await dispatch.trim(lane, epoch, CALL)
      tally.trimmed += trimmed
      if (!more) nextAt = clock.monotonic() + TRIM_EVERY_MS
      return { done: trimmed, more }
    },
  }
}

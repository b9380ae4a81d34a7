import { encodeMessage, jitteredTick, scheduledJobId } from '@millrace/core'
import type { JobAttrs, NewJob } from '../ports/producer.js'
import type { ScheduleDefinition } from '../ports/schedules.js'

/** Headers of every job that a schedule makes: which schedule, and which tick (ISO 8601). */
export const SCHEDULE_HEADER = 'millrace-schedule'
export const TICK_HEADER = 'millrace-tick'

/**
 * The job of one tick: always under the same id, so that it is made once however often it is sent. `now`: ms since the epoch.
 * `early`: the tick may not have come yet, and the job waits for it.
 */
export function scheduledJob(
  { name, spec, call }: ScheduleDefinition,
  tick: number,
  { now, early }: { readonly now: number; readonly early: boolean },
): NewJob {
  const headers = { ...call.extras?.headers, [SCHEDULE_HEADER]: name, [TICK_HEADER]: new Date(tick).toISOString() }
  const attrs: JobAttrs = {
    ...call.attrs,
    named: true,
    ...((early || spec.jitterMs > 0) && { at: jitteredTick(name, tick, spec.jitterMs) }),
    // No task's name begins with '@', so no caller's key is the same.
    ...(spec.overlap !== 'allow' && { unique: { key: `@schedule:${name}`, until: 'done' as const } }),
  }
  const message = encodeMessage(call.task, call.inputJson, now, { ...call.extras, headers })
  return { id: scheduledJobId(name, tick), message, attrs }
}

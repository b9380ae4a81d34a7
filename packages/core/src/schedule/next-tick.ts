import { CronPattern } from './cron-pattern.js'
import { nextCronTick } from './next-cron-tick.js'
import type { ScheduleSpec, ScheduleTiming } from './schedule-spec.js'

/**
 * The first tick later than `after`, within `start` and `end`; ms since the epoch. `undefined`: none is left, or the schedule is not
 * enabled. `limit` is the store's to count. Throws `InvalidOptionError` for a pattern that `parseSchedule` would refuse.
 */
export function nextTick(spec: ScheduleSpec, after: number): number | undefined {
  if (!spec.enabled) return undefined
  const from = spec.startMs === undefined ? after : Math.max(after, spec.startMs - 1)
  const tick = timingAfter(spec.timing, from)
  return tick === undefined || (spec.endMs !== undefined && tick > spec.endMs) ? undefined : tick
}

function timingAfter(timing: ScheduleTiming, after: number): number | undefined {
  switch (timing.kind) {
    case 'cron':
      return nextCronTick(CronPattern.parse(timing.cron), timing.timezone, after)
    case 'every': {
      const anchor = timing.anchorMs ?? 0
      return anchor + Math.max(0, Math.floor((after - anchor) / timing.everyMs) + 1) * timing.everyMs
    }
    case 'at':
      return timing.atMs > after ? timing.atMs : undefined
  }
}

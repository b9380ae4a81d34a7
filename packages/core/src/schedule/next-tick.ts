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
      return remembered(timing, after)
    case 'every': {
      const anchor = timing.anchorMs ?? 0
      return anchor + Math.max(0, Math.floor((after - anchor) / timing.everyMs) + 1) * timing.everyMs
    }
    case 'at':
      return timing.atMs > after ? timing.atMs : undefined
  }
}

interface Stretch {
  /** No tick lies between the two. */
  readonly after: number
  readonly tick: number | undefined
}

/** The last stretches between two ticks, per pattern and zone: thousands of schedules often share one pattern. */
const stretches = new Map<string, readonly Stretch[]>()
const MAX_PATTERNS = 2_000
const KEPT_STRETCHES = 3

function remembered({ cron, timezone }: ScheduleTiming & { kind: 'cron' }, after: number): number | undefined {
  const key = `${cron}\n${timezone}`
  const known = stretches.get(key) ?? []
  const found = known.find((each) => each.after <= after && (each.tick === undefined || after < each.tick))
  if (found !== undefined) return found.tick
  const tick = nextCronTick(CronPattern.parse(cron), timezone, after)
  if (stretches.size >= MAX_PATTERNS && known.length === 0) stretches.clear()
  stretches.set(key, [{ after, tick }, ...known.slice(0, KEPT_STRETCHES - 1)])
  return tick
}

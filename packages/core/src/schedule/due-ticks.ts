import { nextTick } from './next-tick.js'
import type { ScheduleSpec } from './schedule-spec.js'

/** A tick that comes so late is missed, however long its interval. */
const MOST_PATIENCE_MS = 60_000
/** A tick that is late by less is not missed, however short its interval. */
const LEAST_PATIENCE_MS = 1_000
const FIRST_WINDOW_MS = 1_000

/** What is to be done about a schedule at one moment. */
export interface DueTicks {
  /** Ticks that make a job, oldest first. */
  readonly ticks: readonly number[]
  /** Everything up to here has been dealt with: the new watermark. */
  readonly passed: number
  /** The first tick after that. */
  readonly next: number | undefined
}

/**
 * Which ticks in (watermark, now] make a job, by the schedule's rule for missed ones. Looks at no more ticks than may
 * make one, however long nobody looked. `left`: how many the schedule's `limit` still allows.
 */
export function dueTicks(
  spec: ScheduleSpec,
  watermark: number,
  { now, left = Number.POSITIVE_INFINITY }: { readonly now: number; readonly left?: number },
): DueTicks {
  if (left <= 0) return { ticks: [], passed: Math.max(watermark, now), next: undefined }
  const latest = latestTicks(spec, { after: watermark, until: now, count: spec.missed === 'all' ? spec.cap : 1 + ON_TIME })
  const passed = latest.at(-1) ?? watermark
  const next = nextTick(spec, passed)
  const ticks = chosen(spec, latest, { next, now }).slice(0, left)
  return { ticks, passed, next: ticks.length >= left ? undefined : next }
}

/** At most so many ticks are on time at one moment: intervals of 100 ms, late by a second. */
const ON_TIME = 10

function chosen(
  spec: ScheduleSpec,
  ticks: readonly number[],
  { next, now }: { readonly next: number | undefined; readonly now: number },
): readonly number[] {
  if (spec.missed === 'all') return ticks
  const onTime = ticks.filter((tick, index) => {
    const interval = (ticks[index + 1] ?? next ?? Number.POSITIVE_INFINITY) - tick
    return now - tick <= Math.min(Math.max(interval, LEAST_PATIENCE_MS), MOST_PATIENCE_MS)
  })
  if (onTime.length > 0 || spec.missed === 'skip') return onTime
  return ticks.slice(-1)
}

/** The last `count` ticks in (after, until], oldest first: looked for in windows that grow backwards from `until`. */
function latestTicks(
  spec: ScheduleSpec,
  { after, until, count }: { readonly after: number; readonly until: number; readonly count: number },
): readonly number[] {
  for (let window = FIRST_WINDOW_MS; ; window *= 2) {
    const from = Math.max(after, until - window)
    const found: number[] = []
    for (let tick = nextTick(spec, from); tick !== undefined && tick <= until; tick = nextTick(spec, tick)) {
      found.push(tick)
      // A window has at most twice the ticks of the one before, in which there were too few.
      if (found.length > 4 * count + 40) break
    }
    if (found.length >= count || from === after) return found.slice(-count)
  }
}

import { latestTicks } from './latest-ticks.js'
import type { ScheduleSpec } from './schedule-spec.js'

/** A tick that comes so late is missed, however long its interval. */
const MOST_PATIENCE_MS = 60_000
/** A tick that is late by less is not missed, however short its interval. */
const LEAST_PATIENCE_MS = 1_000
/** How many ticks can be on time at one moment: the last two, or more where several fall into a second. */
const ON_TIME = 2
const ON_TIME_OF_SHORT = 1 + LEAST_PATIENCE_MS / 100

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
  const { ticks: latest, next } = latestTicks(spec, { after: watermark, until: now, count: wanted(spec) })
  const passed = latest.at(-1) ?? watermark
  const ticks = chosen(spec, latest, { next, now }).slice(0, left)
  return { ticks, passed, next: ticks.length >= left ? undefined : next }
}

function wanted({ missed, cap, timing }: ScheduleSpec): number {
  if (missed === 'all') return cap
  return timing.kind === 'every' && timing.everyMs < LEAST_PATIENCE_MS ? ON_TIME_OF_SHORT : ON_TIME
}

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

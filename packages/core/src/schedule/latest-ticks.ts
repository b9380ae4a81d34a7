import { nextTick } from './next-tick.js'
import type { ScheduleSpec } from './schedule-spec.js'

/** So many ticks are looked at one by one; beyond that, the older ones are jumped over. */
const FORWARD = 4
const MIN_WINDOW_MS = 1_000

export interface TickRange {
  /** Exclusive. */
  readonly after: number
  /** Inclusive. */
  readonly until: number
  /** How many are wanted at most. */
  readonly count: number
}

/**
 * The last `count` ticks in a range, oldest first, and the first tick after it. The cost grows with `count`, not with the
 * number of ticks in the range.
 */
export function latestTicks(
  spec: ScheduleSpec,
  range: TickRange,
): { readonly ticks: readonly number[]; readonly next: number | undefined } {
  const ahead = scan(spec, range, Math.max(FORWARD, 1))
  if (ahead.complete) return { ticks: ahead.ticks.slice(-range.count), next: ahead.next }
  const [first = range.after, last = range.until] = [ahead.ticks[0], ahead.ticks.at(-1)]
  const most = 2 * range.count + FORWARD
  const whole = range.until - range.after
  // The pace of the first ticks says where the last ones begin, about.
  let window = Math.min(whole, Math.max(MIN_WINDOW_MS, Math.ceil(((last - first) / FORWARD) * range.count * 1.5)))
  let [tooFew, tooMany] = [0, whole]
  for (;;) {
    const found = scan(spec, { ...range, after: range.until - window }, most)
    const enough = found.ticks.length >= range.count || window >= whole
    if (found.complete && enough) return { ticks: found.ticks.slice(-range.count), next: found.next }
    if (found.complete) tooFew = window
    else tooMany = window
    // Doubles while nothing bounds it from above, then halves what is left. A window of one ms holds one tick at most.
    window = found.complete
      ? Math.min(window * 2, Math.ceil((window + tooMany) / 2))
      : Math.floor((tooFew + window) / 2)
    if (window <= tooFew) window = tooFew + 1
  }
}

/** Ticks in order, until the range or `most` of them is over; `complete`: the range. */
function scan(spec: ScheduleSpec, { after, until }: TickRange, most: number) {
  const ticks: number[] = []
  let tick = nextTick(spec, after)
  while (tick !== undefined && tick <= until) {
    if (ticks.length === most) return { ticks, complete: false, next: undefined }
    ticks.push(tick)
    tick = nextTick(spec, tick)
  }
  return { ticks, complete: true, next: tick }
}

import type { CronPattern } from './cron-pattern.js'
import { lastTransition, nextTransition, zoneOffset } from './zone-transitions.js'

/** Longer than any repeated stretch of local time (a zone that moved over the date line repeated a day). */
const LONGEST_OVERLAP_MS = 2 * 86_400_000
/** More offset changes than any pattern needs to come true. */
const MAX_TRANSITIONS = 1_000

/**
 * The first tick of a cron pattern in a zone later than `after`; instants in ms since the epoch.
 *
 * A local time that does not exist ticks once, at the first instant after the gap, however many matches the gap
 * swallowed. One that occurs twice ticks the first time only. A pattern whose hour is `*` follows elapsed time instead: it ticks in
 * both passes of a repeated hour, and a gap adds nothing.
 *
 * Invariant: the ticks are one fixed set, whatever instant they are asked from.
 */
export function nextCronTick(pattern: CronPattern, zone: string, after: number): number | undefined {
  let from = after
  let offset = zoneOffset(zone, from)
  let wall = from + offset
  if (!pattern.everyHour) {
    const last = lastTransition(zone, from, LONGEST_OVERLAP_MS)
    // Local times up to the old clock's end have had their tick in the first pass.
    if (last !== undefined) wall = Math.max(wall, last.at + last.before - 1)
  }
  for (let step = 0; step < MAX_TRANSITIONS; step++) {
    const match = pattern.after(wall)
    if (match === undefined) return undefined
    const change = nextTransition(zone, from, match - offset)
    if (change === undefined) return match - offset
    const gapEnds = change.at + change.after
    if (!pattern.everyHour && match < gapEnds) return change.at
    from = change.at
    offset = change.after
    wall = (pattern.everyHour ? gapEnds : Math.max(gapEnds, change.at + change.before)) - 1
  }
  return undefined
}

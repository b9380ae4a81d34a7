/** When a schedule ticks. Plain JSON: it is stored as it is. */
export type ScheduleTiming =
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
  /** At `anchorMs + k · everyMs`. Without an anchor it has not been stored yet, and counts from the epoch. */
  | { readonly kind: 'every'; readonly everyMs: number; readonly anchorMs?: number }
  | { readonly kind: 'at'; readonly atMs: number }

/** A schedule's rules, checked. Instants in ms since the epoch. Plain JSON: stored as it is. */
export interface ScheduleSpec {
  readonly timing: ScheduleTiming
  readonly missed: 'skip' | 'once' | 'all'
  /** With `all`: how many missed ticks are made up for at most, the latest ones. */
  readonly cap: number
  readonly overlap: 'allow' | 'skip' | 'queue'
  readonly jitterMs: number
  readonly startMs?: number
  readonly endMs?: number
  readonly limit?: number
  readonly enabled: boolean
}

import type { TaskTally } from './consumer.js'

export interface SeriesQuery {
  /** Minutes are kept for 48 h at least, hours for 90 days. */
  readonly unit: 'minute' | 'hour'
  /** Ms since the epoch; the step that holds it is the first. */
  readonly from: number
  /** Ms since the epoch, exclusive. At most `MAX_SERIES_STEPS` steps after `from`; more are cut off. */
  readonly to: number
}

/** One minute or hour of a lane. */
export interface SeriesPoint {
  /** Its start, ms since the epoch. */
  readonly at: number
  readonly tasks: readonly TaskTally[]
  /** Jobs ready or due, when last looked at; undefined where nobody looked. */
  readonly backlog: number | undefined
  /** How long the oldest ready job had waited then, ms; undefined where none waited, or nobody looked. */
  readonly oldestReadyMs: number | undefined
}

export interface LaneSeries {
  /** By time; a step in which nothing ran and nothing waited has no point. */
  readonly points: readonly SeriesPoint[]
  /** Steps from here on were not looked at yet, ms since the epoch: without a point, their backlog is not known. */
  readonly lookedUntil: number
}

export const MAX_SERIES_STEPS = 1_500

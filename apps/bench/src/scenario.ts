import type { RivalEntry } from './rivals/rival-entry.js'
import type { OpenStore } from './stores/store.js'

export type Better = 'higher' | 'lower'

/** One number that a scenario gives. */
export interface Figure {
  /** Follows the scenario's name, after a slash; empty: the scenario's only or main figure. */
  readonly key: string
  readonly unit: string
  readonly better: Better
}

/** One side's turn in one run. */
export interface Trial {
  readonly rival: RivalEntry
  /** The number given, times `--scale`, at least 10; at most what the rival works off in a bearable time. */
  count(full: number): number
  readonly openStore: OpenStore
  /** Says how far a long turn is. May be called often: what is printed is little. */
  progress(text: string): void
  /** Rejects when the run is interrupted. */
  readonly interrupted: Promise<never>
}

/** What one turn measured. */
export interface Measured {
  /** By the figures' keys. */
  readonly values: Readonly<Record<string, number>>
  /** Why a figure has no value: what the rival does not have. By the figures' keys. */
  readonly lacking?: Readonly<Record<string, string>>
  /** Beside the figures: CPU shares, resident memory, sizes that differ between rivals. */
  readonly details?: Readonly<Record<string, number>>
}

/** A workload with its figures. */
export interface Scenario {
  readonly name: string
  /** One line for `--list`. */
  readonly summary: string
  /** The scenario that this one is also compared with: they take turns within each run. Absent: none. */
  readonly base?: string
  readonly figures: readonly Figure[]
  /** Measures one side once, on a stage of its own. Rejects with `VoidFigure`, `NotOffered`. */
  measure(trial: Trial): Promise<Measured>
}

export const JOBS_PER_SECOND: Figure = { key: '', unit: 'jobs/s', better: 'higher' }

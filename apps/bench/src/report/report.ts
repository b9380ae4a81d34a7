import type { Spread } from '../measure/statistics.js'
import type { Better } from '../scenario.js'

/** What `--json` writes. */
export interface Report {
  readonly machine: Machine
  /** Of Node, Redis, Millrace and each rival that ran. */
  readonly versions: Readonly<Record<string, string>>
  /** Rivals that were asked for and are not here, with the reason. */
  readonly absent: Readonly<Record<string, string>>
  readonly runs: number
  /** What the workloads' sizes were multiplied by. */
  readonly scale: number
  readonly scenarios: readonly FigureReport[]
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly os: string
  /** One-minute load average before the first run. */
  readonly loadBefore: number
  /** ISO 8601 */
  readonly measuredAt: string
}

/** One figure of one scenario. */
export interface FigureReport {
  /** `scenario` or `scenario/figure` */
  readonly name: string
  readonly unit: string
  readonly better: Better
  /** By side. Null: no figure, `reasons` says why. */
  readonly results: Readonly<Record<string, SideResult | null>>
  /** How many times better Millrace's median is than the rival's, whatever `better` says. */
  readonly ratio: Readonly<Record<string, number>>
  /** Why a side has no figure. */
  readonly reasons: Readonly<Record<string, string>>
  /** Beside another scenario that took turns with this one. */
  readonly base?: BaseRatio
}

export interface BaseRatio {
  /** Of the figure. */
  readonly name: string
  /** By side: the median, over the runs, of this figure divided by that one. */
  readonly ratio: Readonly<Record<string, number>>
}

export interface SideResult extends Spread {
  /** In the order of the runs. */
  readonly values: readonly number[]
  /** Medians of what was seen beside the figure: cores in use, resident memory. */
  readonly details?: Readonly<Record<string, number>>
}

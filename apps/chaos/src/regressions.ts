import type { Scenario, ScenarioSize } from './run/scenario.js'
import { workerKills } from './scenarios/worker-kills.js'

/** A run that once broke something, kept for good under the name of what it broke. */
export interface Regression {
  readonly name: string
  readonly scenario: Scenario
  readonly seed: number
  readonly size: ScenarioSize
}

export const REGRESSIONS: readonly Regression[] = [
  {
    name: 'good-job-failed-as-poison',
    scenario: workerKills,
    seed: 1,
    size: { jobs: 100_000, faults: 200, minutes: 0 },
  },
]

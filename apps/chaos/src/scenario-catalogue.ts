import type { Scenario } from './run/scenario.js'
import { workerKills } from './scenarios/worker-kills.js'

/** In the order in which `--scenario all` runs them. */
export const SCENARIOS: readonly Scenario[] = [workerKills]

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}

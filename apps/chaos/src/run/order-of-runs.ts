import { type Arguments, UsageError } from '../arguments.js'
import { REGRESSIONS } from '../regressions.js'
import { SCENARIOS, scenarioNamed } from '../scenario-catalogue.js'
import type { WorkloadName } from '../workloads/workload-catalogue.js'
import type { Scenario, ScenarioSize } from './scenario.js'

/** One run to come. */
export interface OrderedRun {
  /** The scenario's name, or the regression's. */
  readonly title: string
  readonly scenario: Scenario
  readonly seed: number
  readonly size: ScenarioSize
  readonly workload: WorkloadName | undefined
}

/** Which runs the command line asks for. Throws `UsageError`. */
export function orderOfRuns(given: Arguments, newSeed: () => number): readonly OrderedRun[] {
  const seed = given.seed ?? newSeed()
  const sized = (scenario: Scenario, own: ScenarioSize): OrderedRun => ({
    title: scenario.name,
    scenario,
    seed,
    size: {
      jobs: given.jobs ?? own.jobs,
      faults: given.faults ?? own.faults,
      minutes: given.minutes ?? own.minutes,
    },
    // In a set, those with jobs of their own keep them.
    workload: scenario.workload === undefined ? undefined : (given.workload ?? scenario.workload),
  })
  switch (given.scenario) {
    case 'all':
      return SCENARIOS.map((scenario) => sized(scenario, scenario.full))
    case 'ci':
      return SCENARIOS.flatMap((scenario) => (scenario.ci === undefined ? [] : [sized(scenario, scenario.ci)]))
    case 'regressions':
      return REGRESSIONS.map(({ name, scenario, seed: own, size }) => ({
        title: name,
        scenario,
        seed: own,
        size,
        workload: scenario.workload,
      }))
    default: {
      const scenario = scenarioNamed(given.scenario)
      if (scenario === undefined) throw new UsageError(`there is no scenario '${given.scenario}': see --list`)
      if (given.workload !== undefined && scenario.workload === undefined) {
        throw new UsageError(`${scenario.name} has jobs of its own: leave --workload out`)
      }
      return [sized(scenario, scenario.full)]
    }
  }
}

import type { Findings } from '../check/findings.js'
import type { WorkloadName } from '../workloads/workload-catalogue.js'
import type { SeededRandom } from './seeded-random.js'

/** What elects the dispatcher, in scenarios about its election. */
export const COORDINATIONS = ['redlock', 'etcd'] as const
export type Coordination = (typeof COORDINATIONS)[number]

/** How large a run is. */
export interface ScenarioSize {
  readonly jobs: number
  readonly faults: number
  /** For scenarios that are measured in time. */
  readonly minutes: number
}

/** One fault, or one kind of faults, under a load, and what must hold afterwards. */
export interface Scenario {
  readonly name: string
  /** One line for `--list`. */
  readonly about: string
  readonly full: ScenarioSize
  /** The size in CI. `undefined`: not part of the reduced set. */
  readonly ci: ScenarioSize | undefined
  /** What is enqueued unless `--workload` says otherwise. `undefined`: the scenario has its own jobs. */
  readonly workload?: WorkloadName
  run(stage: Stage): Promise<Findings>
}

/** What a scenario is given: its size, its random figures, a folder, and a place for what must end with it. */
export interface Stage extends ScenarioSize {
  readonly seed: number
  readonly workload: WorkloadName
  readonly coordinator: Coordination
  /**
   * Repeated by the seed. A schedule of faults is drawn from it before the run starts, or from a `fork`: figures that are drawn
   * when something has happened come in another order the next time.
   */
  readonly random: SeededRandom
  /** What every bar of time is stretched by, ms: 0, unless the machine is shared with who knows what. */
  readonly busyMs: number
  /** Of this run alone. */
  readonly dir: string
  say(line: string): void
  /** Called when the run ends, however it ends; the last one first. */
  defer(end: () => unknown): void
}

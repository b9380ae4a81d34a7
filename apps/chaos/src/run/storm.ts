import { ChaosScene, type SceneOptions } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { SteadyLoad } from '../workloads/steady-load.js'
import type { WorkloadName } from '../workloads/workload-catalogue.js'
import { type FaultTable, planFaults } from './fault-plan.js'
import type { Scenario, ScenarioSize, Stage } from './scenario.js'
import { cameTrue, pause, until } from './until.js'

/** A scenario as a table: faults that come one after the other while a producer goes on, and how soon work must go on. */
export interface StormTable extends FaultTable {
  readonly name: string
  readonly about: string
  readonly full: ScenarioSize
  readonly ci: ScenarioSize | undefined
  readonly workload: WorkloadName
  readonly scene?: SceneOptions
  /** A dispatcher of its own beside the workers. Default: each worker is a candidate. */
  readonly dispatcherApart?: boolean
  /** After each fault, work must go on within so long, ms. */
  readonly resumeMs: number
  /** Faults end workers: others take their place. Default: no worker may end. */
  readonly workersMayEnd?: boolean
  /** No job may be charged a crash: no fault ends a worker or its lease. */
  readonly crashless?: boolean
  /** What only this one looks at, after the invariants. */
  check?(scene: ChaosScene): void
}

export interface StormOptions {
  readonly table: StormTable
  readonly stage: Stage
  /** Where the scene has to be made in the run itself. */
  readonly scene?: SceneOptions
}

const WORKERS = 2
const EVERY_MS = 20
const GIVE_UP_MS = 60_000
const AFTER_MS = 1_000

/** Makes a scenario of a table. */
export function stormScenario(table: StormTable): Scenario {
  const { name, about, full, ci, workload } = table
  return { name, about, full, ci, workload, run: (stage) => runStorm({ table, stage }) }
}

export async function runStorm({ table, stage, scene: options }: StormOptions) {
  const plan = planFaults(stage.random, stage.faults, table)
  const scene = await ChaosScene.open(stage, options ?? table.scene)
  const { fleet, findings } = scene
  if (table.dispatcherApart) await scene.startDispatcher()
  await fleet.startReady(WORKERS)
  const batch = Math.max(10, Math.round(stage.jobs / stage.faults / 20))
  const load = new SteadyLoad({ feed: (count) => scene.feed(count), batch, everyMs: EVERY_MS })
  scene.load = load
  for (const [done, { operation, afterMs, lastsMs, choice }] of plan.entries()) {
    await pause(afterMs)
    await operation.strike(scene, { lastsMs, choice })
    const overAt = Date.now()
    const size = scene.ledgerBytes()
    const resumed = await cameTrue(() => scene.ledgerBytes() > size, GIVE_UP_MS, 10)
    const took = Date.now() - overAt
    findings.recoveries.push(took)
    findings.check('I12', resumed, () => `no work within ${GIVE_UP_MS} ms of fault ${done + 1} (${operation.name})`)
    if (lastsMs > 5_000 || (done + 1) % 5 === 0 || done + 1 === plan.length) {
      stage.say(`${done + 1} faults, ${load.fed} jobs; ${operation.name}: work went on after ${took} ms`)
    }
  }
  // Something has to come after the last fault.
  await pause(AFTER_MS)
  await until('the jobs are fed', () => load.fed >= stage.jobs, 120_000)
  await load.stop()
  await conclude(scene, { drainMs: 90_000 })
  judge(table, scene)
  await fleet.stop()
  return findings
}

function judge(table: StormTable, scene: ChaosScene): void {
  const { stage, findings, fleet, producer } = scene
  findings.details.fed = scene.load?.fed
  findings.details.unknown = producer.ledger.unknown.size
  findings.details.refused = producer.ledger.refused
  const { max } = findings.recoveryMs()
  const bar = table.resumeMs + stage.busyMs
  findings.check('I12', max <= bar, () => `work went on only after ${max} ms, more than ${bar}`)
  if (table.workersMayEnd !== true) {
    const ended = fleet.all.filter(({ exit }) => exit !== undefined).length
    findings.check('I12', ended === 0, () => `${ended} processes have ended`)
  }
  if (table.crashless) {
    const crashed = Number(findings.details.crashed)
    findings.check('I7', crashed === 0, () => `${crashed} crashes are counted, and no worker has crashed`)
  }
  table.check?.(scene)
}

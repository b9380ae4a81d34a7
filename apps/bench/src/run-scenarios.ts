import { NotOffered } from './measure/void-figure.js'
import { reportFigures, type SideOutcome } from './report/figure-report.js'
import type { FigureReport } from './report/report.js'
import type { RivalEntry } from './rivals/catalogue.js'
import type { Measured, Scenario, Trial } from './scenario.js'

export interface RunPlan {
  readonly scenarios: readonly Scenario[]
  /** In the order in which they take turns. */
  readonly sides: readonly RivalEntry[]
  readonly runs: number
  /** Multiplies the workloads' sizes. */
  readonly scale: number
  /** Told each turn's end, in one line. */
  readonly onTurn: (line: string) => void
  /** Told each scenario's end, with all figures so far. */
  readonly onScenario: (figures: readonly FigureReport[]) => void
}

/** The least that a workload is scaled down to. */
const MIN_COUNT = 10

/** Runs every scenario. The sides take turns within each run, so that an hour of a slow machine is shared by all. */
export async function runScenarios(plan: RunPlan): Promise<FigureReport[]> {
  const reports: FigureReport[] = []
  for (const scenario of plan.scenarios) {
    reports.push(...(await runScenario(scenario, plan)))
    plan.onScenario(reports)
  }
  return reports
}

async function runScenario(scenario: Scenario, plan: RunPlan): Promise<FigureReport[]> {
  const measured = new Map<string, Measured[]>(plan.sides.map(({ name }) => [name, []]))
  const failed = new Map<string, string>()
  for (let run = 1; run <= plan.runs; run++) {
    for (const rival of plan.sides) {
      // One void run makes the side's figure void.
      if (failed.has(rival.name)) continue
      const turn = await takeTurn(scenario, trialOf(rival, plan.scale))
      if (typeof turn === 'string') failed.set(rival.name, turn)
      else measured.get(rival.name)?.push(turn)
      plan.onTurn(`${scenario.name} ${run}/${plan.runs} ${rival.name}: ${describeTurn(scenario, turn)}`)
    }
  }
  const outcomes = new Map<string, SideOutcome>()
  for (const [side, values] of measured) {
    const reason = failed.get(side)
    outcomes.set(side, reason === undefined ? { measured: values } : { reason })
  }
  return reportFigures(scenario, outcomes)
}

/** What was measured, or why nothing was. */
async function takeTurn(scenario: Scenario, trial: Trial): Promise<Measured | string> {
  try {
    return await scenario.measure(trial)
  } catch (error) {
    if (error instanceof NotOffered) return error.message
    // Whatever else went wrong: hours of other figures are not thrown away for it.
    return `void: ${error instanceof Error ? error.message : String(error)}`
  }
}

function trialOf(rival: RivalEntry, scale: number): Trial {
  return { rival, count: (full) => Math.max(MIN_COUNT, Math.round(full * scale)) }
}

function describeTurn(scenario: Scenario, turn: Measured | string): string {
  if (typeof turn === 'string') return turn
  const parts = scenario.figures.flatMap(({ key, unit }) => {
    const value = turn.values[key]
    return value === undefined ? [] : [`${key === '' ? '' : `${key} `}${Number(value.toPrecision(4))} ${unit}`]
  })
  return parts.join(', ')
}

import { spread } from '../measure/statistics.js'
import { MILLRACE } from '../rivals/catalogue.js'
import type { Figure, Measured, Scenario } from '../scenario.js'
import type { BaseRatio, FigureReport, SideResult } from './report.js'

/** What one side did in all runs of a scenario. */
export type SideOutcome =
  | { readonly measured: readonly Measured[] }
  /** Void, absent, or not offered. */
  | { readonly reason: string }

const SIGNIFICANT_DIGITS = 4

/** A report per figure of the scenario. */
export function reportFigures(scenario: Scenario, outcomes: ReadonlyMap<string, SideOutcome>): FigureReport[] {
  return scenario.figures.map((figure) => reportFigure(scenario, figure, outcomes))
}

/** The reports, with what those of a scenario that has a base are beside the base's. */
export function withBases(scenarios: readonly Scenario[], reports: readonly FigureReport[]): FigureReport[] {
  const baseNames = new Map(scenarios.flatMap(({ name, base }) => (base === undefined ? [] : [[name, base] as const])))
  const byName = new Map(reports.map((report) => [report.name, report]))
  return reports.map((report) => {
    const scenario = [...baseNames.keys()].find((name) => report.name === name || report.name.startsWith(`${name}/`))
    if (scenario === undefined) return report
    const base = byName.get(`${baseNames.get(scenario)}${report.name.slice(scenario.length)}`)
    return base === undefined ? report : { ...report, base: besideBase(report, base) }
  })
}

function besideBase(report: FigureReport, base: FigureReport): BaseRatio {
  const ratio: Record<string, number> = {}
  for (const [side, result] of Object.entries(report.results)) {
    const other = base.results[side]
    if (!result || !other) continue
    ratio[side] = shorten(spread(result.values.map((value, run) => value / (other.values[run] as number))).median)
  }
  return { name: base.name, ratio }
}

function reportFigure(scenario: Scenario, figure: Figure, outcomes: ReadonlyMap<string, SideOutcome>): FigureReport {
  const results: Record<string, SideResult | null> = {}
  const reasons: Record<string, string> = {}
  for (const [side, outcome] of outcomes) {
    const result = sideResult(figure, outcome)
    results[side] = typeof result === 'string' ? null : result
    if (typeof result === 'string') reasons[side] = result
  }
  const name = figure.key === '' ? scenario.name : `${scenario.name}/${figure.key}`
  const { unit, better } = figure
  return { name, unit, better, results, ratio: ratios(results, figure), reasons }
}

/** The result, or why there is none. */
function sideResult(figure: Figure, outcome: SideOutcome): SideResult | string {
  if ('reason' in outcome) return outcome.reason
  const lacking = outcome.measured.map((one) => one.lacking?.[figure.key]).find((why) => why !== undefined)
  if (lacking !== undefined) return lacking
  const values = outcome.measured.map((one) => one.values[figure.key])
  if (!values.every((value) => value !== undefined && Number.isFinite(value) && value > 0)) {
    return `void: not every run gave a number (${values.join(', ')})`
  }
  const numbers = (values as number[]).map(shorten)
  // Told once, beside the main figure.
  const details = figure.key === '' ? medianDetails(outcome.measured) : undefined
  const { median, min, max } = spread(numbers)
  return { median: shorten(median), min, max, values: numbers, ...(details === undefined ? {} : { details }) }
}

function medianDetails(measured: readonly Measured[]): Record<string, number> | undefined {
  const names = Object.keys(measured[0]?.details ?? {})
  if (names.length === 0) return undefined
  const medianOf = (name: string) => {
    const values = measured.map((one) => one.details?.[name]).filter((value) => value !== undefined)
    return shorten(spread(values).median)
  }
  return Object.fromEntries(names.map((name) => [name, medianOf(name)]))
}

function ratios(results: Readonly<Record<string, SideResult | null>>, figure: Figure): Record<string, number> {
  const own = results[MILLRACE]?.median
  const found: Record<string, number> = {}
  if (own === undefined) return found
  for (const [side, result] of Object.entries(results)) {
    if (side === MILLRACE || result === null) continue
    found[side] = shorten(figure.better === 'higher' ? own / result.median : result.median / own)
  }
  return found
}

function shorten(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS))
}

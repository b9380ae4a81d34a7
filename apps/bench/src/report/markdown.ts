import { MILLRACE } from '../rivals/catalogue.js'
import { short } from './print-table.js'
import type { FigureReport, Report, SideResult } from './report.js'

interface Column {
  readonly title: string
  cell(figure: FigureReport): string
}

/**
 * The report's figures as a Markdown table: Millrace's medians with their spread; each rival's median, and how many times
 * better Millrace's is; what a figure is beside its base; cores in use, where Millrace is alone.
 */
export function markdownOf(report: Report): string {
  const rivals = sidesOf(report).filter((side) => side !== MILLRACE)
  const columns: Column[] = [
    { title: 'figure', cell: ({ name }) => `\`${name}\`` },
    { title: 'unit', cell: ({ unit, better }) => `${unit}${better === 'lower' ? ' (less is better)' : ''}` },
    { title: 'Millrace (min–max)', cell: (figure) => spread(figure.results[MILLRACE]) },
    ...rivals.map((rival) => ({ title: rival, cell: (figure: FigureReport) => rivalCell(figure, rival) })),
  ]
  if (report.scenarios.some(({ base }) => base !== undefined)) columns.push({ title: 'beside', cell: besideBase })
  if (rivals.length === 0) columns.push({ title: 'cores: worker, Redis + its wait for one', cell: cores })
  return tableOf(
    columns.map(({ title }) => title),
    report.scenarios.map((figure) => columns.map(({ cell }) => cell(figure))),
  )
}

/** Of every figure, as they took turns. */
export function sidesOf(report: Report): string[] {
  return Object.keys(report.scenarios[0]?.results ?? {})
}

export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}

function spread(result: SideResult | null | undefined): string {
  if (!result) return '–'
  const { median, min, max, values } = result
  return values.length === 1 ? `**${short(median)}**` : `**${short(median)}** (${short(min)}–${short(max)})`
}

function rivalCell(figure: FigureReport, side: string): string {
  const result = figure.results[side]
  const ratio = figure.ratio[side]
  if (!result) return '–'
  if (ratio === undefined) return short(result.median)
  return `${short(result.median)} (${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)} ×)`
}

function besideBase({ base }: FigureReport): string {
  const ratio = base?.ratio[MILLRACE]
  return base === undefined || ratio === undefined ? '' : `${ratio.toFixed(2)} × \`${base.name}\``
}

function cores(figure: FigureReport): string {
  const { workerCpu, storeCpu, storeWait, storeIdleCpu } = figure.results[MILLRACE]?.details ?? {}
  if (workerCpu === undefined || storeCpu === undefined) return ''
  const idle = storeIdleCpu === undefined ? '' : `; Redis before the drain ${short(storeIdleCpu)}`
  const wait = storeWait === undefined ? '' : ` + ${short(storeWait)}`
  return `${short(workerCpu)}, ${short(storeCpu)}${wait}${idle}`
}

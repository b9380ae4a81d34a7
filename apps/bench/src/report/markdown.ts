import { MILLRACE } from '../rivals/catalogue.js'
import { short } from './print-table.js'
import type { FigureReport, Report, SideResult } from './report.js'

/**
 * The report's figures as a Markdown table: medians, the spread of Millrace's, and in parentheses how many times better it
 * is than each rival. Alone, with what was seen beside the figures.
 */
export function markdownOf(report: Report): string {
  const sides = Object.keys(report.scenarios[0]?.results ?? {}).filter((side) => side !== MILLRACE)
  const beside = sides.length === 0 ? ['beside it'] : []
  const header = ['scenario', 'unit', `${MILLRACE}: median (min–max)`, ...sides, ...beside]
  const rows = report.scenarios.map((figure) => [
    figure.name,
    `${figure.unit}, ${figure.better} is better`,
    spread(figure.results[MILLRACE]),
    ...sides.map((side) => rivalCell(figure, side)),
    ...beside.map(() => details(figure.results[MILLRACE])),
  ])
  const lines = [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}

function spread(result: SideResult | null | undefined): string {
  return result ? `**${short(result.median)}** (${short(result.min)}–${short(result.max)})` : '–'
}

function rivalCell(figure: FigureReport, side: string): string {
  const result = figure.results[side]
  if (!result) return '–'
  const ratio = figure.ratio[side]
  return `${short(result.median)}${ratio === undefined ? '' : ` (${ratio.toPrecision(2)} ×)`}`
}

function details(result: SideResult | null | undefined): string {
  const { workerCpu, storeCpu } = result?.details ?? {}
  if (workerCpu === undefined || storeCpu === undefined) return ''
  return `worker ${short(workerCpu)}, Redis ${short(storeCpu)} cores`
}

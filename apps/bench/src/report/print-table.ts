import { MILLRACE } from '../rivals/catalogue.js'
import type { FigureReport, Report, SideResult } from './report.js'

/** The report as lines for a screen: a row per figure, a column per side, each rival with Millrace's ratio to it. */
export function tableOf(report: Report, sides: readonly string[]): string {
  const rivals = sides.filter((side) => side !== MILLRACE)
  const header = ['scenario', 'unit', MILLRACE, ...rivals.flatMap((rival) => [rival, '×'])]
  const rows = report.scenarios.map((figure) => [
    figure.name,
    `${figure.unit} ${figure.better === 'higher' ? '↑' : '↓'}`,
    cell(figure.results[MILLRACE]),
    ...rivals.flatMap((rival) => [cell(figure.results[rival]), ratio(figure.ratio[rival])]),
  ])
  const notes = report.scenarios.flatMap((figure) => notesOf(figure))
  const absent = Object.entries(report.absent).map(([rival, why]) => `${rival} is absent: ${why}`)
  return [...align([header, ...rows]), '', LEGEND, ...absent, ...notes].join('\n')
}

const LEGEND = 'median (min–max) over the runs; ×: how many times better Millrace is; –: no figure'

function cell(result: SideResult | null | undefined): string {
  if (result === null || result === undefined) return '–'
  return `${short(result.median)} (${short(result.min)}–${short(result.max)})`
}

function ratio(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(2)
}

/** 123,456 → '123k'; 0.1234 → '0.123' */
export function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (value >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`
  return String(Number(value.toPrecision(value >= 1e3 ? 4 : 3)))
}

function notesOf(figure: FigureReport): string[] {
  const why = Object.entries(figure.reasons).map(([side, reason]) => `${figure.name}, ${side}: ${reason}`)
  const seen = Object.entries(figure.results).flatMap(([side, result]) => {
    if (result?.details === undefined) return []
    const parts = Object.entries(result.details).map(([name, value]) => `${name} ${short(value)}`)
    return [`${figure.name}, ${side}: ${parts.join(', ')}`]
  })
  return [...baseNotes(figure), ...why, ...seen]
}

function baseNotes({ name, base }: FigureReport): string[] {
  if (base === undefined) return []
  const parts = Object.entries(base.ratio).map(([side, value]) => `${side} ${ratio(value)} ×`)
  return [`${name} is, of ${base.name} in the same run: ${parts.join(', ')}`]
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

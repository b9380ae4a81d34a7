import { markdownOf, sidesOf, tableOf } from '../report/markdown.js'
import { short } from '../report/print-table.js'
import type { Report } from '../report/report.js'
import { MILLRACE, rivalEntry } from '../rivals/catalogue.js'

/** `<!-- bench: VIEW of REPORT -->`, what the view shows, `<!-- /bench -->`. */
const PLACE = /(<!-- bench: (\w+) of ([\w-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g

/** What a place in a page may show of a report. */
const VIEWS: Readonly<Record<string, (report: Report) => string>> = {
  table: markdownOf,
  origin,
  libraries,
}

/** The page with all its places filled anew. Throws `Error` for a view that nobody has. */
export function fillPage(page: string, readReport: (name: string) => Report): string {
  return page.replace(PLACE, (...match: string[]) => {
    const [, opening = '', view = '', name = '', closing = ''] = match
    const show = VIEWS[view]
    if (show === undefined) throw new Error(`no view ${view}: there are ${Object.keys(VIEWS).join(', ')}`)
    return `${opening}${show(readReport(name))}${closing}`
  })
}

/** When, on what, and with what it was measured, in one sentence. */
function origin({ machine, versions, runs, scale }: Report): string {
  const with_ = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const sizes = scale === 1 ? '' : `; sizes × ${scale}`
  const day = machine.measuredAt.slice(0, 10)
  return `${day}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; ${with_.join(', ')}; ${runs === 1 ? 'one run' : `medians of ${runs} runs`}${sizes}.\n`
}

const LIBRARY_FIGURES = {
  'bulk enqueue, tasks/s': 'bulk-enqueue',
  'one worker, tasks/s': 'drain-1-worker',
  'enqueue to start, p50 ms': 'latency-idle/start-p50',
  'Redis bytes per waiting task of 100 bytes': 'memory-waiting',
}

/** A row per library. */
function libraries(report: Report): string {
  const rows = sidesOf(report).map((side) => [
    libraryName(side),
    report.versions[side] ?? '–',
    ...Object.values(LIBRARY_FIGURES).map((name) => {
      const result = report.scenarios.find((figure) => figure.name === name)?.results[side]
      return result ? short(result.median) : '–'
    }),
  ])
  return tableOf(['library', 'version', ...Object.keys(LIBRARY_FIGURES)], rows)
}

function libraryName(side: string): string {
  if (side === MILLRACE) return '**Millrace**'
  return rivalEntry(side).store === 'postgres' ? `${side} (PostgreSQL)` : side
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Report } from '../report/report.js'
import { fillPage } from './fill-page.js'

const PAGES = ['docs/PERFORMANCE.md', 'README.md']

/**
 * Fills the places of the pages from `docs/performance/<name>.json`. Returns the pages that have changed.
 *
 * @throws Error naming a report that is not there; nothing is written then.
 */
export function writePages(): string[] {
  const filled = PAGES.map((page) => {
    const before = readFileSync(inRepository(page), 'utf8')
    return { page, before, after: fillPage(before, readReport) }
  })
  const changed = filled.filter(({ before, after }) => before !== after)
  for (const { page, after } of changed) writeFileSync(inRepository(page), after)
  return changed.map(({ page }) => page)
}

function readReport(name: string): Report {
  const path = `docs/performance/${name}.json`
  if (!existsSync(inRepository(path))) throw new Error(`no report ${path}: measure it, with --json ${path}`)
  return JSON.parse(readFileSync(inRepository(path), 'utf8')) as Report
}

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
}

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Report } from '../report/report.js'
import { fillPage } from './fill-page.js'

const PAGES = ['docs/PERFORMANCE.md', 'README.md']

/** Fills the places of the pages from `docs/performance/<name>.json`. Resolves with the pages that have changed. */
export function writePages(): string[] {
  const changed: string[] = []
  for (const page of PAGES) {
    const before = readFileSync(inRepository(page), 'utf8')
    const after = fillPage(before, readReport)
    if (after === before) continue
    writeFileSync(inRepository(page), after)
    changed.push(page)
  }
  return changed
}

function readReport(name: string): Report {
  return JSON.parse(readFileSync(inRepository(`docs/performance/${name}.json`), 'utf8')) as Report
}

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
}

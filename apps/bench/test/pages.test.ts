import { expect, test } from 'vitest'
import { fillPage } from '../src/pages/fill-page.js'
import { reportFigures, withBases } from '../src/report/figure-report.js'
import type { Report } from '../src/report/report.js'
import { aofBulk, bulkEnqueue } from '../src/scenarios/bulk-enqueue.js'

const side = (...values: number[]) => ({ measured: values.map((value) => ({ values: { '': value } })) })
const figures = withBases(
  [bulkEnqueue, aofBulk],
  [
    ...reportFigures(bulkEnqueue, new Map(Object.entries({ millrace: side(100, 200, 400), bullmq: side(50, 50, 50) }))),
    ...reportFigures(aofBulk, new Map(Object.entries({ millrace: side(90, 100, 100), bullmq: { reason: 'void' } }))),
  ],
)
const report: Report = {
  machine: { cpu: 'CPU', cores: 2, memoryGb: 24, os: 'linux', loadBefore: 0, measuredAt: '2026-11-21T08:00:00Z' },
  versions: { node: '24.21.0', millrace: '0.1.0', bullmq: '6.7.0' },
  absent: {},
  runs: 3,
  scale: 1,
  scenarios: figures,
}

test('a figure stands beside its base run by run, so that a slow minute falls on both', () => {
  // 0.9, 0.5, 0.25
  expect(figures[1]?.base).toEqual({ name: 'bulk-enqueue', ratio: { millrace: 0.5 } })
  expect(figures[0]?.base).toBeUndefined()
})

test('the places of a page are filled from the reports that they name; the rest stays', () => {
  const page = ['before', '<!-- bench: table of bars -->', 'old', '<!-- /bench -->', 'after', ''].join('\n')
  const filled = fillPage(page, (name) => {
    expect(name).toBe('bars')
    return report
  })
  expect(filled.split('\n')).toEqual([
    'before',
    '<!-- bench: table of bars -->',
    '| figure | unit | Millrace (min–max) | bullmq | beside |',
    '| --- | --- | --- | --- | --- |',
    '| `bulk-enqueue` | jobs/s | **200** (100–400) | 50 (4.00 ×) |  |',
    '| `aof-bulk` | jobs/s | **100** (90–100) | – | 0.50 × `bulk-enqueue` |',
    '<!-- /bench -->',
    'after',
    '',
  ])
  expect(fillPage(filled, () => report)).toBe(filled)
})

test('a page names views that exist', () => {
  const page = '<!-- bench: nonsense of bars -->\n<!-- /bench -->'
  expect(() => fillPage(page, () => report)).toThrow('no view nonsense: there are table, origin, libraries')
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openStage, play, type Stage } from './stage.js'

const root = join(import.meta.dirname, '../../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** What Prometheus and Grafana know without us. */
const THEIRS = new Set(['up'])
/** Words of the language that look like a metric. */
const WORDS = /^(by|sum|max|rate|increase|changes|histogram_quantile|label_values)$/

interface Use {
  readonly metric: string
  readonly labels: readonly string[]
}

/** Every expression of the dashboard, and of what fills its variables. */
function dashboardExpressions(): string[] {
  const board = JSON.parse(read('docker/grafana/millrace.json')) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[]
    readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] }
  }
  const variables = board.templating.list.flatMap(({ query }) => (typeof query === 'string' ? [] : [query.query]))
  return [...board.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)), ...variables]
}

function alertExpressions(): string[] {
  const { groups } = parse(read('docker/prometheus/alerts.yaml')) as {
    readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[]
  }
  return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))
}

/** The metrics of an expression, each with the labels that it is chosen by; the last are those that it is summed up by. */
function usesOf(expression: string): Use[] {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/))
  const asked = [...expression.matchAll(/label_values\([^,]+, (\w+)\)/g)].flatMap(([, name = '']) => [name])
  const bare = expression
    .replace(/\bby \([^)]*\)/g, '')
    .replace(/label_values\(([^,]+), \w+\)/g, '$1')
    .replace(/\[[^\]]*\]/g, '')
  return [...bare.matchAll(/([a-zA-Z_]\w*)(?:\{([^}]*)\})?/g)]
    .filter(([, name = '']) => !WORDS.test(name))
    .map(([, metric = '', chosen = '']) => ({
      metric,
      labels: [...grouped, ...asked, ...[...chosen.matchAll(/(\w+)=/g)].flatMap(([, label = '']) => [label])],
    }))
}

describe('what docker/ shows of /metrics', () => {
  let stage: Stage
  let metrics: string
  /** Sample → labels that it has. */
  const samples = new Map<string, Set<string>>()

  beforeAll(async () => {
    const clock: Clock & { ms: number } = { ms: Date.now(), now: () => clock.ms, monotonic: () => clock.ms }
    stage = openStage({ login: 'none', clock })
    await stage.ask('metrics')
    await play(stage.app, [
      { id: 's', how: 'succeed' },
      { id: 'f', how: 'fail' },
    ])
    // Minutes are told once they are over.
    clock.ms += 180_000
    metrics = await (await stage.ask('metrics')).text()
    for (const [, name = '', labels = ''] of metrics.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const known = samples.get(name) ?? new Set()
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
      samples.set(name, known)
    }
  })
  afterAll(() => stage[Symbol.asyncDispose]())

  it.each([
    ['the Grafana dashboard', dashboardExpressions()],
    ['the alerts', alertExpressions()],
  ])('%s uses metrics and labels that are there', (_, expressions) => {
    expect(expressions.length).toBeGreaterThan(5)
    expect(expressions.filter((expression) => usesOf(expression).length === 0)).toEqual([])
    const missing = expressions.flatMap((expression) =>
      usesOf(expression)
        .filter(({ metric }) => !THEIRS.has(metric))
        .flatMap(({ metric, labels }) => {
          const there = samples.get(metric)
          if (there === undefined) return [`${metric} in ${expression}`]
          return labels.filter((label) => !there.has(label)).map((label) => `${metric}{${label}} in ${expression}`)
        }),
    )
    expect(missing).toEqual([])
  })

  it('docs/OBSERVABILITY.md lists just the metrics that are there, and just these alerts', () => {
    const page = read('docs/OBSERVABILITY.md')
    const [, table = ''] = /\n## Metrics\n([\s\S]*?)\n## /.exec(page) ?? []
    const listed = [...table.matchAll(/^\| (`millrace_[^|]*) \|/gm)].flatMap(
      ([, names = '']) => names.match(/\w+/g) ?? [],
    )
    const there = [...metrics.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)
    expect(new Set(listed)).toEqual(new Set(there))
    for (const expression of alertExpressions()) expect(page).toContain(`\`${expression}\``)
  })

  it('panels stand side by side, none over another', () => {
    const { panels } = JSON.parse(read('docker/grafana/millrace.json')) as {
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[]
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_cell, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })
})

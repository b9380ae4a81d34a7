import { parseArgs } from 'node:util'
import { rivalNames } from './rivals/catalogue.js'

export const USAGE = `usage: pnpm bench [scale | pages] [options]

Measures Millrace and its rivals side by side, each in fresh processes against a private Redis (or PostgreSQL).
Ctrl-C ends it, takes everything down and prints what there is.

  scale                how cost grows with waiting jobs, idle workers and payloads (Millrace alone by default)
  pages                writes the tables of docs/PERFORMANCE.md and README.md anew from docs/performance/*.json

  --scenario a,b       scenarios, or a set: all, quick (default: all)
  --rivals a,b         ${rivalNames().join(', ')};
                       all or none (default: all). Those that are not here are reported as absent
  --runs N             turns of each side per scenario (default: 5)
  --scale F            multiplies the sizes of the workloads; figures of other sizes compare with nothing (default: 1)
  --waiting N          with scale: also with N waiting jobs, 10000000 for instance
  --json FILE          also write the report as JSON
  --markdown FILE      also write its table as Markdown
  --list               list the scenarios
  --help

examples:
  pnpm bench --scenario quick --runs 3
  pnpm bench --scenario drain-1-worker,aof-drain --rivals bullmq --json report.json
  pnpm bench scale --runs 3
  pnpm bench scale --waiting 10000000 --scenario waiting-10000000 --runs 1
`

export interface CommandLine {
  readonly command: 'compare' | 'scale' | 'pages' | 'list' | 'help'
  readonly scenario: string
  readonly rivals: readonly string[]
  readonly runs: number
  readonly scale: number
  readonly waiting: number
  readonly json: string | undefined
  readonly markdown: string | undefined
}

/** Throws `Error` that says what is wrong. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      scenario: { type: 'string', default: 'all' },
      rivals: { type: 'string' },
      runs: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      waiting: { type: 'string', default: '0' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [word, ...rest] = positionals.filter((one) => one !== '--')
  if ((word !== undefined && word !== 'scale' && word !== 'pages') || rest.length > 0) {
    throw new Error(`no command ${JSON.stringify([word, ...rest].join(' '))}: there are scale and pages`)
  }
  const scaling = word === 'scale'
  return {
    command: values.help ? 'help' : values.list ? 'list' : (word ?? 'compare'),
    scenario: values.scenario,
    rivals: readRivals(values.rivals ?? (scaling ? 'none' : 'all')),
    runs: readNumber('--runs', values.runs, { whole: true, from: 1 }),
    scale: readNumber('--scale', values.scale, { whole: false, from: 0.0001 }),
    waiting: readNumber('--waiting', values.waiting, { whole: true, from: 0 }),
    json: values.json,
    markdown: values.markdown,
  }
}

function readRivals(list: string): readonly string[] {
  if (list === 'all') return rivalNames()
  return list === 'none' ? [] : [...new Set(list.split(','))]
}

function readNumber(option: string, text: string, rule: { whole: boolean; from: number }): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= rule.from && Number.isFinite(value) && (!rule.whole || Number.isInteger(value)))
    return value
  throw new Error(
    `${option} is ${JSON.stringify(text)}: expected a ${rule.whole ? 'whole ' : ''}number from ${rule.from}`,
  )
}

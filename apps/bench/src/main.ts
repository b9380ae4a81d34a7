import { writeFileSync } from 'node:fs'
import { type CommandLine, readCommandLine, USAGE } from './command-line.js'
import { writePages } from './pages/write-pages.js'
import { describeMachine } from './report/machine.js'
import { markdownOf } from './report/markdown.js'
import { tableOf } from './report/print-table.js'
import { redisVersion } from './report/redis-version.js'
import type { FigureReport, Report } from './report/report.js'
import { MILLRACE, rivalEntry } from './rivals/catalogue.js'
import type { RivalEntry } from './rivals/rival-entry.js'
import { Interrupted, runScenarios } from './run-scenarios.js'
import { scaleScenarios } from './scale/catalogue.js'
import type { Scenario } from './scenario.js'
import { pickScenarios, SCENARIOS } from './scenarios/catalogue.js'
import { openSides, type Sides } from './sides.js'

const INTERRUPTED = 130

/** Exit status: 0 every figure of Millrace stands, 1 one is void or something broke, 2 wrong usage, 130 interrupted. */
async function main(args: readonly string[]): Promise<number> {
  let asked: CommandLine
  let scenarios: readonly Scenario[]
  let rivals: readonly RivalEntry[]
  try {
    asked = readCommandLine(args)
    scenarios = asked.command === 'scale' ? pickScale(asked) : pickScenarios(asked.scenario)
    rivals = asked.rivals.map(rivalEntry)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    return 2
  }
  if (asked.command === 'help') return print(USAGE)
  if (asked.command === 'list') return print(listing())
  if (asked.command === 'pages') return fillPages()

  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  // Once: a second Ctrl-C ends the process as it is.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const sides = await openSides(rivals)
  try {
    return await measure({ asked, scenarios, sides, signal: interruption.signal })
  } finally {
    await sides.close()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function fillPages(): number {
  try {
    const changed = writePages()
    return print(changed.length === 0 ? 'The pages are as measured.\n' : `Written: ${changed.join(', ')}\n`)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return 1
  }
}

interface Order {
  readonly asked: CommandLine
  readonly scenarios: readonly Scenario[]
  readonly sides: Sides
  readonly signal: AbortSignal
}

async function measure({ asked, scenarios, sides, signal }: Order): Promise<number> {
  const { runs, scale } = asked
  const machine = describeMachine()
  const versions = { node: process.versions.node, redis: redisVersion(), ...sides.versions }
  let report: Report = { machine, versions, absent: sides.absent, runs, scale, scenarios: [] }
  const onScenario = (figures: readonly FigureReport[]) => {
    report = { ...report, scenarios: figures }
    // Written after every scenario: a run that is broken off has not been for nothing.
    writeReport(asked, report)
  }
  const say = (line: string) => process.stderr.write(`${line}\n`)
  let status = 0
  try {
    await runScenarios({ scenarios, sides, runs, scale, signal, say, onScenario })
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    status = INTERRUPTED
  }
  const names = sides.entries.map(({ name }) => name)
  print(`\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; ${versionLine(versions)}; ${runs} runs\n`)
  print(`${tableOf(report, names)}\n`)
  if (status !== 0) return status
  return report.scenarios.some((figure) => figure.results[MILLRACE] === null) ? 1 : 0
}

/** All of them, or those that `--scenario` names: by their whole name or its beginning up to a hyphen, without `scale/`. */
function pickScale(asked: CommandLine): readonly Scenario[] {
  const all = scaleScenarios(asked.waiting)
  if (asked.scenario === 'all') return all
  const wanted = asked.scenario.split(',').map((part) => (part.startsWith('scale/') ? part : `scale/${part}`))
  const picked = all.filter(({ name }) => wanted.some((part) => name === part || name.startsWith(`${part}-`)))
  if (picked.length > 0) return picked
  throw new Error(`no scenario ${JSON.stringify(asked.scenario)}: there are ${all.map(({ name }) => name).join(', ')}`)
}

function listing(): string {
  const all = [...SCENARIOS, ...scaleScenarios(0)]
  const width = Math.max(...all.map(({ name }) => name.length))
  return `${all.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`).join('\n')}\n`
}

function versionLine(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

function writeReport({ json, markdown }: CommandLine, report: Report): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  if (markdown !== undefined) writeFileSync(markdown, markdownOf(report))
}

function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}

process.exitCode = await main(process.argv.slice(2))

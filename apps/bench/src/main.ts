import { writeFileSync } from 'node:fs'
import { type CommandLine, readCommandLine, USAGE } from './command-line.js'
import { packageVersion } from './measure/package-version.js'
import { describeMachine } from './report/machine.js'
import { tableOf } from './report/print-table.js'
import { redisVersion } from './report/redis-version.js'
import type { FigureReport, Report } from './report/report.js'
import { MILLRACE, type RivalEntry, rivalEntry, whyAbsent } from './rivals/catalogue.js'
import { runScenarios } from './run-scenarios.js'
import { scaleScenarios } from './scale/catalogue.js'
import type { Scenario } from './scenario.js'
import { pickScenarios, SCENARIOS } from './scenarios/catalogue.js'

/** Exit status: 0 every figure of Millrace stands, 1 one is void or something broke, 2 wrong usage. */
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

  const absent = new Map<string, string>()
  for (const rival of rivals) {
    const why = whyAbsent(rival)
    if (why !== undefined) absent.set(rival.name, why)
  }
  const sides = [rivalEntry(MILLRACE), ...rivals.filter(({ name }) => name !== MILLRACE && !absent.has(name))]
  const machine = describeMachine()
  const versions = versionsOf(sides)
  const { runs, scale } = asked
  const onTurn = (line: string) => process.stderr.write(`${line}\n`)
  const reportOf = (figures: readonly FigureReport[]): Report => {
    return { machine, versions, absent: Object.fromEntries(absent), runs, scale, scenarios: figures }
  }
  // Written after every scenario: a run that is broken off has not been for nothing.
  const onScenario = (figures: readonly FigureReport[]) => writeJson(asked.json, reportOf(figures))
  const measured = await runScenarios({ scenarios, sides, runs, scale, onTurn, onScenario })
  const names = sides.map(({ name }) => name)
  print(`\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; ${versionLine(versions)}; ${runs} runs\n`)
  print(`${tableOf(reportOf(measured), names)}\n`)
  return measured.some((figure) => figure.results[MILLRACE] === null) ? 1 : 0
}

/** All of them, or those whose name contains what `--scenario` names. */
function pickScale(asked: CommandLine): readonly Scenario[] {
  const all = scaleScenarios(asked.waiting)
  if (asked.scenario === 'all') return all
  const wanted = asked.scenario.split(',')
  const picked = all.filter(({ name }) => wanted.some((part) => name.includes(part)))
  if (picked.length > 0) return picked
  throw new Error(`no scenario ${JSON.stringify(asked.scenario)}: there are ${all.map(({ name }) => name).join(', ')}`)
}

function listing(): string {
  const all = [...SCENARIOS, ...scaleScenarios(0)]
  const width = Math.max(...all.map(({ name }) => name.length))
  return `${all.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`).join('\n')}\n`
}

function versionsOf(sides: readonly RivalEntry[]): Record<string, string> {
  const packages = sides.map(({ name, packageName }) => [name, packageVersion(packageName) ?? 'unknown'])
  return { node: process.versions.node, redis: redisVersion(), ...Object.fromEntries(packages) }
}

function versionLine(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

function writeJson(file: string | undefined, report: Report): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
}

function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}

process.exitCode = await main(process.argv.slice(2))

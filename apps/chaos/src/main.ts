import { writeFileSync } from 'node:fs'
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.js'
import { REGRESSIONS } from './regressions.js'
import { Interrupted } from './run/interrupted.js'
import { type OrderedRun, orderOfRuns } from './run/order-of-runs.js'
import { runScenario } from './run/run-scenario.js'
import { passed, type ScenarioReport, summary } from './run/scenario-report.js'
import { SCENARIOS } from './scenario-catalogue.js'

const SETS = new Set(['all', 'ci', 'regressions'])

const INTERRUPTED = 130

process.exitCode = await main(process.argv.slice(2))
// What it started has ended; what still waits for something would keep it here until it gives up.
if (process.exitCode === INTERRUPTED) process.exit()

async function main(argv: readonly string[]): Promise<number> {
  try {
    // `pnpm chaos -- --list` hands the dashes on.
    const given = readArguments(argv[0] === '--' ? argv.slice(1) : argv)
    if (given.help) print(USAGE)
    else if (given.list) list()
    else {
      const newSeed = () => Math.floor(Math.random() * 1_000_000_000)
      return await runAll(given, orderOfRuns(given, newSeed))
    }
    return 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`chaos: ${error.message}\nAll options: pnpm chaos --help`)
    return 2
  }
}

async function runAll(given: Arguments, runs: readonly OrderedRun[]): Promise<number> {
  const tell = given.json === '-' ? console.error : print
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort(new Interrupted()))
  const reports: ScenarioReport[] = []
  let broken = false
  for (const [position, run] of runs.entries()) {
    const { title, scenario, seed, size, workload } = run
    const of = runs.length > 1 ? `[${position + 1}/${runs.length}] ` : ''
    const load = workload === undefined ? '' : `, ${workload}`
    tell(`${of}${title}: ${size.jobs} jobs${load}, ${size.faults} faults, seed ${seed}`)
    try {
      const say = (line: string) => tell(`  ${line}`)
      const result = await runScenario(scenario, {
        ...{ seed, size, workload, say, signal: interrupted.signal },
        coordinator: given.coordinator ?? 'redlock',
      })
      reports.push(result.report)
      tell(`  ${passed(result) ? 'ok' : 'BROKEN'} in ${result.seconds} s: ${summary(result)}`)
      tell(`  ${JSON.stringify(result.details)}`)
      for (const violation of result.violations) tell(`  ! ${violation}`)
      broken ||= !passed(result)
    } catch (error) {
      if (error instanceof Interrupted) {
        tell('  interrupted: everything that was started has ended')
        return INTERRUPTED
      }
      tell(`  BROKEN: the run itself failed: ${error instanceof Error ? error.stack : String(error)}`)
      broken = true
    }
  }
  const json = `${JSON.stringify(SETS.has(given.scenario) ? reports : reports[0], undefined, 2)}\n`
  if (given.json === '-') process.stdout.write(json)
  else if (given.json !== undefined) writeFileSync(given.json, json)
  return broken ? 1 : 0
}

function list(): void {
  for (const { name, about, full, ci, workload } of SCENARIOS) {
    const notes = [`${full.jobs} jobs`, `${full.faults} faults`]
    if (workload !== undefined) notes.push(`workload ${workload}`)
    if (ci !== undefined) notes.push('in ci')
    print(`${name.padEnd(18)} ${about} (${notes.join(', ')})`)
  }
  for (const { name, scenario, seed } of REGRESSIONS) {
    print(`regressions: ${name} (${scenario.name}, seed ${seed})`)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

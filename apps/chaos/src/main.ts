import { writeFileSync } from 'node:fs'
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.js'
import { Interrupted } from './run/interrupted.js'
import { runScenario } from './run/run-scenario.js'
import type { Scenario, ScenarioSize } from './run/scenario.js'
import { passed, type ScenarioReport, summary } from './run/scenario-report.js'
import { SCENARIOS, scenarioNamed } from './scenario-catalogue.js'

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  try {
    // `pnpm chaos -- --list` hands the dashes on.
    const given = readArguments(argv[0] === '--' ? argv.slice(1) : argv)
    if (given.help) print(USAGE)
    else if (given.list) list()
    else return await run(given, chosen(given.scenario))
    return 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\n\n${USAGE}`)
    return 2
  }
}

function chosen(name: string): readonly Scenario[] {
  if (name === 'all') return SCENARIOS
  if (name === 'ci') return SCENARIOS.filter((scenario) => scenario.ci !== undefined)
  const scenario = scenarioNamed(name)
  if (scenario === undefined) throw new UsageError(`there is no scenario '${name}': see --list`)
  return [scenario]
}

async function run(given: Arguments, scenarios: readonly Scenario[]): Promise<number> {
  const tell = given.json === '-' ? console.error : print
  const seed = given.seed ?? Math.floor(Math.random() * 1_000_000_000)
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Interrupted()))
  const reports: ScenarioReport[] = []
  let broken = false
  for (const scenario of scenarios) {
    const own = given.scenario === 'ci' ? (scenario.ci as ScenarioSize) : scenario.full
    const size = {
      jobs: given.jobs ?? own.jobs,
      faults: given.faults ?? own.faults,
      minutes: given.minutes ?? own.minutes,
    }
    tell(`${scenario.name}: ${size.jobs} jobs, ${size.faults} faults, seed ${seed}`)
    try {
      const say = (line: string) => tell(`  ${line}`)
      const { coordinator = 'redlock' } = given
      const report = await runScenario(scenario, { seed, size, coordinator, say, signal: interrupted.signal })
      reports.push(report)
      tell(`  ${passed(report) ? 'ok' : 'BROKEN'} in ${report.seconds} s: ${summary(report)}`)
      tell(`  ${JSON.stringify(report.details)}`)
      for (const violation of report.violations) tell(`  ! ${violation}`)
      broken ||= !passed(report)
    } catch (error) {
      if (error instanceof Interrupted) return 130
      tell(`  BROKEN: the run itself failed: ${error instanceof Error ? error.stack : String(error)}`)
      broken = true
    }
  }
  const json = `${JSON.stringify(reports, undefined, 2)}\n`
  if (given.json === '-') process.stdout.write(json)
  else if (given.json !== undefined) writeFileSync(given.json, json)
  return broken ? 1 : 0
}

function list(): void {
  for (const { name, about, full, ci } of SCENARIOS) {
    print(`${name.padEnd(18)} ${about} (${full.jobs} jobs, ${full.faults} faults${ci === undefined ? '' : '; in ci'})`)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

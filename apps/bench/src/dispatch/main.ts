import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { MEASUREMENTS, type Measurement } from './measurements.js'

const USAGE = `usage: pnpm bench:dispatch [--scenario a,b] [--json FILE]

Measures the dispatcher: how late what waits for its time is, and what that costs. Each measurement has its bar.

${MEASUREMENTS.map(({ name, about }) => `  ${name.padEnd(20)} ${about}`).join('\n')}

exit: 0 every bar was met, 1 one was missed, 2 wrong usage
`

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  let chosen: readonly Measurement[]
  let json: string | undefined
  try {
    const { values } = parseArgs({
      args: argv.filter((one) => one !== '--'),
      options: { scenario: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help) return print(USAGE, 0)
    json = values.json
    chosen = choose(values.scenario)
  } catch (error) {
    return print(`${(error as Error).message}\n\n${USAGE}`, 2)
  }
  const results: Record<string, unknown> = {}
  let missed = false
  for (const { name, measure } of chosen) {
    const figures = await measure((line) => print(`${name}: ${line}\n`, 0))
    results[name] = figures
    for (const { name: figure, value, unit, bar } of figures) {
      missed ||= value > bar
      const verdict = Number.isFinite(bar) ? ` (${value > bar ? 'MISSED' : 'met'}: at most ${bar})` : ''
      print(`${name}: ${figure} ${value} ${unit}${verdict}\n`, 0)
    }
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`)
  return missed ? 1 : 0
}

function choose(names: string | undefined): readonly Measurement[] {
  if (names === undefined) return MEASUREMENTS
  return names.split(',').map((name) => {
    const found = MEASUREMENTS.find((each) => each.name === name)
    if (found === undefined) throw new Error(`there is no measurement '${name}'`)
    return found
  })
}

function print(text: string, status: number): number {
  ;(status === 2 ? process.stderr : process.stdout).write(text)
  return status
}

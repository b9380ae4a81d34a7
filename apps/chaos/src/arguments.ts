import { parseArgs } from 'node:util'
import { COORDINATIONS, type Coordination } from './run/scenario.js'
import { isWorkloadName, WORKLOAD_NAMES, type WorkloadName } from './workloads/workload-catalogue.js'

export interface Arguments {
  readonly scenario: string
  readonly seed: number | undefined
  readonly jobs: number | undefined
  readonly faults: number | undefined
  readonly minutes: number | undefined
  readonly workload: WorkloadName | undefined
  readonly coordinator: Coordination | undefined
  readonly json: string | undefined
  readonly list: boolean
  readonly help: boolean
}

export const USAGE = `usage: pnpm chaos [options]

Breaks Millrace on purpose and checks afterwards, from ledgers of its own and from a raw reading of Redis, that no job
was lost, stuck or settled twice.

  --scenario NAME      one scenario (see --list), or a set: 'all' (default), 'ci' (the reduced set of scripts/test.sh),
                       'regressions' (runs that once broke something)
  --seed N             repeats a run's schedule of faults (default: a new one, printed)
  --jobs N             how many jobs, in place of the scenario's own figure (--ticks N: the same, of schedules)
  --faults N           how many faults
  --minutes N          how long, where a scenario is measured in time
  --workload NAME      what is enqueued, where a scenario leaves it open:
                       ${WORKLOAD_NAMES.join(', ')}
  --coordinator KIND   redlock (default) or etcd, where the election is what is broken
  --json FILE          writes the report of one scenario, or the list of a set's reports ('-': to stdout, all else to stderr)
  --list               prints the scenarios
  --help               prints this

examples:
  pnpm chaos --scenario worker-kills --faults 200 --seed 7
  pnpm chaos --scenario redis-kills --workload chord --json -
  pnpm chaos --scenario outages --minutes 5
  pnpm chaos --scenario leader-change --faults 500 --ticks 10000 --coordinator etcd
  pnpm chaos --scenario ci --json chaos.json

exit: 0 every invariant held, 1 one broke, 2 wrong usage, 130 interrupted`

export class UsageError extends Error {}

/** Throws `UsageError`. */
export function readArguments(argv: readonly string[]): Arguments {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = {
    scenario: text,
    seed: text,
    jobs: text,
    ticks: text,
    faults: text,
    minutes: text,
    workload: text,
    coordinator: text,
    json: text,
    list: flag,
    help: flag,
  }
  try {
    const { values } = parseArgs({ args: [...argv], options })
    return {
      scenario: values.scenario ?? 'all',
      seed: count('seed', values.seed, 0),
      jobs: count('jobs', values.jobs, 1) ?? count('ticks', values.ticks, 1),
      faults: count('faults', values.faults, 1),
      minutes: count('minutes', values.minutes, 0),
      workload: workload(values.workload),
      coordinator: coordination(values.coordinator),
      json: values.json,
      list: values.list,
      help: values.help,
    }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function coordination(given: string | undefined): Coordination | undefined {
  if (given === undefined) return undefined
  const found = COORDINATIONS.find((kind) => kind === given)
  if (found !== undefined) return found
  throw new UsageError(`--coordinator takes ${COORDINATIONS.join(' or ')}, not '${given}'`)
}

function count(option: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined
  const number = Number(given)
  if (given.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number
  throw new UsageError(`--${option} takes a whole number from ${least} on, not '${given}'`)
}

function workload(given: string | undefined): WorkloadName | undefined {
  if (given === undefined || isWorkloadName(given)) return given
  throw new UsageError(`there is no workload '${given}': ${WORKLOAD_NAMES.join(', ')}`)
}

import type { ScheduleOptions } from 'millrace'
import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { printJson, printLine } from '../output/print.js'
import { printSchedules, scheduleLine, ticksText } from '../output/schedule-lines.js'
import { readInput } from '../read-input.js'
import type { Session } from '../session.js'
import { taskNamed } from '../task-named.js'

const ACTIONS = ['list', 'add', 'pause', 'resume', 'run', 'remove', 'next'] as const
const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const
const whole = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const

/** What `add` takes, as `app.schedule` does. */
const RULES = {
  cron: text("5 or 6 fields, e.g. '0 3 * * *'"),
  every: text("A fixed interval, e.g. '15m'"),
  align: { type: 'boolean', describe: 'With --every: at whole multiples of it, in UTC' },
  at: text('Once, at this instant, e.g. 2030-01-31T12:00:00Z'),
  timezone: text('With --cron, e.g. Europe/Paris. Default: UTC'),
  missed: text("What becomes of missed ticks: skip, once or all. Default: 'once'"),
  cap: whole('With --missed all: how many at most. Default: 100'),
  overlap: text("While an earlier job lives: allow, skip or queue. Default: 'allow'"),
  jitter: text('Each job becomes ready so much later at most'),
  start: text('No tick before this instant'),
  end: text('No tick after this instant'),
  limit: whole('So many ticks at most'),
} as const

export const schedules = defineCommand({
  usage: 'schedules [action] [schedule]',
  summary: 'List, add, pause, resume, run, remove or preview schedules',
  positionals: {
    action: { type: 'string', default: 'list', describe: ACTIONS.join(', ') },
    schedule: { type: 'string', describe: "The schedule's name" },
  },
  options: {
    count: whole('With next: how many ticks, 1 to 1000. Default: 5'),
    task: text('With add: the task to enqueue at each tick'),
    input: text('With add: its input as JSON; - reads it from stdin'),
    ...RULES,
  },
  examples: [
    ['schedules', 'every schedule with its next tick'],
    ['schedules next nightly --count 10', 'when it will fire'],
    [
      "schedules add nightly --cron '0 3 * * *' --timezone Europe/Paris --task report --input '{}'",
      'at run time, without code',
    ],
    ['schedules pause nightly', 'until: schedules resume nightly'],
    ['schedules run nightly', 'its job now, beside its ticks'],
  ],
  async run(args, session) {
    const { action, schedule: name } = args
    if (action !== 'add') {
      for (const option of ['task', 'input', ...Object.keys(RULES)]) {
        if (args[option as keyof typeof args] !== undefined) throw new UsageError(`--${option} goes with add.`)
      }
    }
    if (action !== 'next' && args.count !== undefined) throw new UsageError('--count goes with next.')
    if (action === 'list') {
      if (name !== undefined) throw new UsageError(`list takes no name: see millrace schedules next ${name}.`)
      return list(session)
    }
    if (!ACTIONS.some((known) => known === action)) {
      throw new UsageError(`Unknown action "${action}": one of ${ACTIONS.join(', ')}. See millrace schedules --help.`)
    }
    if (name === undefined) throw new UsageError(`Give the schedule's name: millrace schedules ${action} NAME.`)
    switch (action) {
      case 'add':
        return add(session, name, args)
      case 'next':
        return next(session, name, args.count)
      default:
        return order(session, name, action as 'pause' | 'resume' | 'run' | 'remove')
    }
  },
})

async function list(session: Session): Promise<number> {
  const views = await (await session.monitor()).schedules()
  if (session.json) printJson(views)
  else
    printSchedules(
      views,
      Date.now(),
      `App ${(await session.app()).name} has no schedules. Add one with app.schedule or millrace schedules add.`,
    )
  return 0
}

async function next(session: Session, name: string, count: number | undefined): Promise<number> {
  const answer = await (await session.monitor()).scheduleTicks(name, { count })
  if (session.json) printJson(answer)
  else printLine(ticksText(answer, Date.now()))
  return 0
}

async function order(session: Session, name: string, verb: 'pause' | 'resume' | 'run' | 'remove'): Promise<number> {
  const control = await session.scheduleControl()
  if (verb === 'remove') {
    const answer = await control.remove(name)
    if (session.json) printJson(answer)
    else printLine(answer.removed ? `${name} is removed.` : `There is no schedule ${name}.`)
    return answer.removed ? 0 : 1
  }
  if (verb === 'run') {
    const answer = await control.run(name)
    if (session.json) printJson(answer)
    else printLine(answer.id)
    return 0
  }
  const view = await control[verb](name)
  if (session.json) printJson(view)
  else printLine(scheduleLine(view, Date.now()))
  return 0
}

type AddArguments = { readonly [K in keyof typeof RULES]: unknown } & {
  readonly task: string | undefined
  readonly input: string | undefined
}

async function add(session: Session, name: string, args: AddArguments): Promise<number> {
  if (args.task === undefined) throw new UsageError('Give --task: what to enqueue at each tick.')
  const given = Object.keys(RULES).flatMap((key) => {
    const value = args[key as keyof typeof RULES]
    return value === undefined ? [] : [[key, value]]
  })
  const input = await readInput(args.input)
  const app = await session.loadedApp()
  session.checkShared(app)
  const call = taskNamed(app, args.task).with(input as never) as Parameters<typeof app.control.schedules.add>[2]
  const view = await app.control.schedules.add(name, Object.fromEntries(given) as ScheduleOptions, call)
  if (session.json) printJson(view)
  else printLine(scheduleLine(view, Date.now()))
  return 0
}

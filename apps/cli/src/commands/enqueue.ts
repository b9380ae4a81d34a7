import { InvalidOptionError } from '@millrace/core'
import type { Duration, EnqueueOptions, JobHandle } from 'millrace'
import { CliError, UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { errorText } from '../error-text.js'
import { printJson, printLine, printNote } from '../output/print.js'
import { readInput } from '../read-input.js'
import { taskNamed } from '../task-named.js'

/** After so long without a result, a waiting person is told. */
const HINT_MS = 5_000

export const enqueue = defineCommand({
  usage: 'enqueue <task> [input]',
  summary: "Put a job on its task's queue, checked by the task's schema",
  positionals: {
    task: { type: 'string', demandOption: true, describe: "The task's name" },
    input: { type: 'string', describe: 'Its input as JSON; - reads it from stdin' },
  },
  options: {
    delay: { type: 'string', requiresArg: true, describe: "Ready after so long, e.g. '5m'" },
    at: { type: 'string', requiresArg: true, describe: 'Ready at this instant, e.g. 2030-01-31T12:00:00Z' },
    expires: { type: 'string', requiresArg: true, describe: 'Not started within so long: never runs' },
    id: { type: 'string', requiresArg: true, describe: 'An id of your own: the same id is enqueued once' },
    priority: { type: 'number', requiresArg: true, describe: '-100 to 100, higher first' },
    header: { type: 'string', array: true, nargs: 1, describe: 'name=value, travels with the job; may be repeated' },
    key: { type: 'string', requiresArg: true, describe: 'Jobs of one key go to one lane' },
    'unique-key': { type: 'string', requiresArg: true, describe: 'One job at a time for this key' },
    'unique-for': { type: 'string', requiresArg: true, describe: 'Until the unique key is free again at the latest' },
    wait: { type: 'boolean', describe: 'Wait for the result and print it (--timeout bounds the wait)' },
  },
  examples: [
    ['enqueue math.add \'{"x":2,"y":3}\'', 'prints the id of the job'],
    ['enqueue math.add \'{"x":2,"y":3}\' --wait --timeout 10s', 'prints the result'],
    ['enqueue mail.send \'{"to":"ada"}\' --delay 5m --unique-key ada', 'later, once'],
    ['enqueue report.build - < input.json', 'input from a file'],
  ],
  async run(args, session) {
    const { timeoutMs } = session
    const options = { ...enqueueOptions(args), ...(timeoutMs !== undefined && { timeout: timeoutMs }) }
    const input = await readInput(args.input)
    const app = await session.loadedApp()
    session.checkShared(app)
    const job = await taskNamed(app, args.task).enqueue(input as never, options)
    if (args.wait !== true) {
      if (session.json) printJson({ id: job.id, task: args.task })
      else printLine(job.id)
      return 0
    }
    const result = await waitFor(job, timeoutMs)
    printLine(JSON.stringify(result, undefined, session.json ? 2 : undefined) ?? 'null')
    return 0
  },
})

async function waitFor(job: JobHandle<unknown>, timeoutMs: number | undefined): Promise<unknown> {
  const hint = setTimeout(
    () => printNote(`Still waiting for job ${job.id}; Ctrl-C ends the wait, not the job.`),
    HINT_MS,
  )
  try {
    return await job.result(timeoutMs === undefined ? {} : { timeout: timeoutMs })
  } catch (error) {
    const { code, attempts, remoteName } = error as { code?: string; attempts?: number; remoteName?: string }
    if (code !== 'JOB_FAILED') throw error
    const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`
    throw new CliError(
      `Job ${job.id} failed after ${tries}: ${remoteName}: ${errorText(error)}. See millrace job ${job.id}.`,
      {
        cause: error,
      },
    )
  } finally {
    clearTimeout(hint)
  }
}

interface EnqueueArguments {
  readonly delay: string | undefined
  readonly at: string | undefined
  readonly expires: string | undefined
  readonly id: string | undefined
  readonly priority: number | undefined
  readonly header: string[] | undefined
  readonly key: string | undefined
  readonly 'unique-key': string | undefined
  readonly 'unique-for': string | undefined
}

/** Only what was given, so that the task's own defaults hold. */
function enqueueOptions(args: EnqueueArguments): EnqueueOptions {
  const { delay, at, expires, id, priority, header, key, 'unique-key': uniqueKey, 'unique-for': uniqueFor } = args
  if (delay !== undefined && at !== undefined) throw new UsageError('Give --delay or --at, not both.')
  if (uniqueFor !== undefined && uniqueKey === undefined) throw new UsageError('--unique-for goes with --unique-key.')
  return {
    ...(delay !== undefined && { delay: delay as Duration }),
    ...(at !== undefined && { at: instant(at) }),
    ...(expires !== undefined && { expires: expires as Duration }),
    ...(id !== undefined && { id }),
    ...(priority !== undefined && { priority }),
    ...(header !== undefined && { headers: headersOf(header) }),
    ...(key !== undefined && { key }),
    ...(uniqueKey !== undefined && {
      unique: { key: uniqueKey, ...(uniqueFor !== undefined && { for: uniqueFor as Duration }) },
    }),
  }
}

function instant(text: string): Date {
  const date = new Date(text)
  // What Date makes of other texts differs from place to place.
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text) && !Number.isNaN(date.getTime())) return date
  throw new InvalidOptionError({
    option: '--at',
    found: text,
    expected: "an ISO 8601 instant, e.g. '2030-01-31T12:00:00Z'",
  })
}

function headersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
      throw new InvalidOptionError({ option: '--header', found: pair, expected: 'name=value' })
    }),
  )
}

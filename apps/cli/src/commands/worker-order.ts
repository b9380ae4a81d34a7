import type { Control, WorkerOrderAnswer, WorkerOrderOptions } from '@millrace/monitor'
import type { PositionalOptions } from 'yargs'
import { UsageError } from '../cli-error.js'
import { type AnyCommand, defineCommand } from '../command.js'
import { printJson, printLine, printNote } from '../output/print.js'
import { ALL_WORKERS, workersAsked } from './workers-asked.js'

/** Workers hear of an order at once. What is not answered by then is likely dead; one that missed the call obeys within 12 s all the same. */
const WAIT_MS = 5_000

interface WorkerOrderCommand {
  readonly usage: string
  readonly summary: string
  /** What is said of a worker that has obeyed. */
  readonly obeyed: string
  readonly examples: AnyCommand['examples']
  readonly positionals?: Readonly<Record<string, PositionalOptions>>
  readonly give: (
    control: Control,
    args: Readonly<Record<string, unknown>>,
    options: WorkerOrderOptions,
  ) => Promise<WorkerOrderAnswer>
}

/** A command that gives workers an order and waits until they have obeyed: status 1 unless all have. */
export function workerOrderCommand(order: WorkerOrderCommand): AnyCommand {
  const { usage, summary, examples, positionals } = order
  const verb = usage.split(' ')[0] as string
  return defineCommand({
    usage: `${usage} [workers..]`,
    summary,
    positionals: { ...positionals, workers: { type: 'string', array: true, describe: 'Their ids' } },
    options: { all: ALL_WORKERS },
    examples,
    async run(args, session) {
      const { workers, all } = args as { workers?: string[]; all?: boolean }
      const asked = workersAsked(workers, all)
      if (asked === undefined && all !== true) {
        throw new UsageError(`Give worker ids (see millrace workers), or --all. See millrace ${verb} --help.`)
      }
      const answer = await order.give(await session.control(), args, {
        workers: asked,
        waitMs: session.timeoutMs ?? WAIT_MS,
      })
      if (session.json) printJson(answer)
      else report(answer, order.obeyed)
      const { acknowledged, unknown } = answer
      return answer.workers.length > 0 && acknowledged.length === answer.workers.length && unknown.length === 0 ? 0 : 1
    },
  })
}

function report({ workers, acknowledged, unknown }: WorkerOrderAnswer, obeyed: string): void {
  if (workers.length === 0 && unknown.length === 0) printNote('No worker runs. Start one with: millrace worker')
  for (const id of acknowledged) printLine(`${id} ${obeyed}`)
  for (const id of workers) {
    if (!acknowledged.includes(id))
      printNote(`${id} has not answered yet: it may be dead or cut off. See millrace ping.`)
  }
  for (const id of unknown) printNote(`Worker ${id} is unknown. See millrace workers.`)
}

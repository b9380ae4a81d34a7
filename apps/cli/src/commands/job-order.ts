import type { JobAnswer, JobOrder } from '@millrace/monitor'
import { type AnyCommand, defineCommand } from '../command.js'
import { printJson, printLine, printNote } from '../output/print.js'
import type { Session } from '../session.js'

interface JobOrderCommand {
  readonly order: JobOrder
  readonly summary: string
  readonly examples: AnyCommand['examples']
}

/** A command that gives one order about one job. */
export function jobOrderCommand({ order, summary, examples }: JobOrderCommand): AnyCommand {
  return defineCommand({
    usage: `${order} <id>`,
    summary,
    positionals: { id: { type: 'string', demandOption: true, describe: "The job's id" } },
    options: { queue: { type: 'string', requiresArg: true, describe: 'Look in this queue only' } },
    examples,
    run: ({ id, queue }, session) => giveJobOrder(session, order, { id, queue }),
  })
}

/** Sends the order and prints its answer: status 0 when it was done. */
export async function giveJobOrder(
  session: Session,
  order: JobOrder,
  job: { readonly id: string; readonly queue: string | undefined },
): Promise<number> {
  const answer: JobAnswer = await (await session.control())[order](job.id, { queue: job.queue })
  if (session.json) printJson(answer)
  else if (answer.done) printLine(answer.message)
  else
    printNote(
      answer.answer === 'ambiguous'
        ? `${answer.message.replace('Name one.', 'Name one with --queue.')}`
        : answer.message,
    )
  return answer.done ? 0 : 1
}

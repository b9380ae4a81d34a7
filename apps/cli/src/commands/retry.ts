import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { printJson, printLine } from '../output/print.js'
import { Progress } from '../output/progress.js'
import type { Session } from '../session.js'
import { giveJobOrder } from './job-order.js'

export const retry = defineCommand({
  usage: 'retry [id]',
  summary: 'Put a failed job back on its queue, or all of them',
  positionals: { id: { type: 'string', describe: "The job's id" } },
  options: {
    all: { type: 'boolean', describe: 'Every failed job (of --queue, of --task)' },
    queue: { type: 'string', requiresArg: true, describe: 'Only this queue' },
    task: { type: 'string', requiresArg: true, describe: 'With --all: only this task' },
  },
  examples: [
    ['retry order-42', 'its attempts start anew'],
    ['retry --all --queue mail', 'everything that has failed in mail'],
    ['retry --all --task mail.welcome', 'everything of one task'],
  ],
  async run({ id, all, queue, task }, session) {
    if (id !== undefined && all === true) throw new UsageError('Give a job id or --all, not both.')
    if (id !== undefined && task !== undefined) throw new UsageError('--task goes with --all, not with a job id.')
    if (id !== undefined) return giveJobOrder(session, 'retry', { id, queue })
    if (all !== true) throw new UsageError('Give a job id, or --all for every failed job. See millrace retry --help.')
    const control = await session.control()
    const progress = new Progress('retried', await failedIn(session, queue, task))
    const onProgress = (count: number) => progress.show(count)
    const answer = await control.retryAll({ queue, task, onProgress }).finally(() => progress.end())
    if (session.json) printJson(answer)
    else
      printLine(
        `${answer.retried} of ${answer.matched} failed jobs are ready again.${answer.complete ? '' : ' There are more: run it again.'}`,
      )
    return answer.complete ? 0 : 1
  },
})

/** How many jobs will be retried, for the bar; unknown for one task among others, and not asked where nobody looks. */
async function failedIn(session: Session, name?: string, task?: string): Promise<number | undefined> {
  if (!process.stderr.isTTY || task !== undefined) return undefined
  const views = await (await session.monitor()).queues()
  return views.filter(({ queue }) => name === undefined || queue === name).reduce((sum, { failed }) => sum + failed, 0)
}

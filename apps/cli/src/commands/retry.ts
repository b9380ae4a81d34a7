import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { printJson, printLine, printNote } from '../output/print.js'
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
    const onProgress = (count: number) => (session.json ? undefined : printNote(`${count} retried`))
    const answer = await (await session.control()).retryAll({ queue, task, onProgress })
    if (session.json) printJson(answer)
    else
      printLine(
        `${answer.retried} of ${answer.matched} failed jobs are ready again.${answer.complete ? '' : ' There are more: run it again.'}`,
      )
    return answer.complete ? 0 : 1
  },
})

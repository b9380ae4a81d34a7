import { type JobState, TRANSITIONS } from '@millrace/core'
import type { JobSummary } from '@millrace/monitor'
import { defineCommand } from '../command.js'
import { printJson, printLine, printTable } from '../output/print.js'
import type { Column } from '../output/table.js'
import { whenText } from '../output/time-text.js'

export const jobs = defineCommand({
  usage: 'jobs',
  summary: 'List jobs in one state',
  options: {
    state: {
      type: 'string',
      requiresArg: true,
      default: 'failed',
      describe: `One of ${Object.keys(TRANSITIONS).join(', ')}`,
    },
    queue: { type: 'string', requiresArg: true, describe: 'Only this queue' },
    task: { type: 'string', requiresArg: true, describe: 'Only this task' },
    limit: { type: 'number', requiresArg: true, default: 50, describe: 'At most so many, 1 to 1000' },
    cursor: { type: 'string', requiresArg: true, describe: 'Go on where a page ended' },
  },
  examples: [
    ['jobs', 'jobs that have failed for good'],
    ['jobs --state running --queue mail', 'what runs now'],
    ['jobs --state scheduled --limit 10 --json', 'for scripts'],
  ],
  async run(args, session) {
    const { state, queue, task, limit, cursor } = args
    const page = await (await session.monitor()).jobs({ state: state as JobState, queue, task, limit, cursor })
    if (session.json) {
      printJson(page)
      return 0
    }
    printTable(page.jobs, columns(Date.now()), page.cursor === null ? `No ${state} jobs.` : `No ${state} jobs so far.`)
    if (page.cursor !== null) printLine(`\nMore: --cursor ${page.cursor}`)
    return 0
  },
})

function columns(now: number): readonly Column<JobSummary>[] {
  return [
    { title: 'ID', value: (job) => job.id },
    { title: 'QUEUE', value: (job) => job.queue, flexible: true },
    { title: 'TASK', value: (job) => job.task ?? (job.malformed ? '(malformed)' : '-'), flexible: true },
    { title: 'TRIES', value: (job) => job.attemptsUsed + job.crashes, align: 'right' },
    { title: 'WHEN', value: (job) => when(job, now) },
    { title: 'ERROR', value: (job) => errorOf(job), flexible: true },
  ]
}

/** What matters about its state: when it failed, is due, or was enqueued. */
function when(job: JobSummary, now: number): string {
  const at = job.failedAt ?? job.dueAt ?? job.enqueuedAt
  return at === null ? '-' : whenText(at, now)
}

function errorOf(job: JobSummary): string {
  return job.lastFailure === null ? '' : `${job.lastFailure.name}: ${job.lastFailure.message}`
}

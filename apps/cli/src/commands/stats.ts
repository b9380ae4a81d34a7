import { setTimeout as sleep } from 'node:timers/promises'
import { type Duration, parseDuration } from '@millrace/core'
import type { StatsView } from '@millrace/monitor'
import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { printJson, printLine } from '../output/print.js'
import { table } from '../output/table.js'
import { durationText } from '../output/time-text.js'

export const stats = defineCommand({
  usage: 'stats',
  summary: 'Show the app in a few figures; with --every, what happens per second',
  options: {
    every: { type: 'string', requiresArg: true, describe: "Again and again, with rates, e.g. '2s', until Ctrl-C" },
    count: { type: 'number', requiresArg: true, describe: 'With --every: so many lines, then end' },
  },
  examples: [
    ['stats', 'what waits, runs, has been done, and who works'],
    ['stats --every 1s --count 3', 'three lines with rates per second'],
  ],
  async run({ every, count }, session) {
    if (count !== undefined && every === undefined) throw new UsageError('--count goes with --every.')
    if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
      throw new UsageError('Invalid option --count: expected a whole number above 0.')
    }
    const everyMs = every === undefined ? undefined : parseDuration(every as Duration, '--every')
    const monitor = await session.monitor()
    let last = await monitor.stats()
    if (everyMs === undefined) {
      if (session.json) printJson(last)
      else printLine(overview(last))
      return 0
    }
    if (!session.json) printLine(HEAD)
    for (let line = 0; line < (count ?? Number.POSITIVE_INFINITY); line += 1) {
      await sleep(Math.max(everyMs, MIN_MS))
      const now = await monitor.stats()
      if (session.json) printLine(JSON.stringify(now))
      else printLine(rateLine(last, now))
      last = now
    }
    return 0
  },
})

const MIN_MS = 100
const WIDTH = 11
const TITLES = ['READY', 'RUNNING', 'DUE', 'FAILED', 'DONE/s', 'RETRIED/s', 'FAILED/s', 'WORKERS']
const HEAD = TITLES.map((title) => title.padStart(WIDTH)).join('')

function rateLine(from: StatsView, to: StatsView): string {
  const seconds = Math.max(1, to.at - from.at) / 1_000
  const rate = (pick: (view: StatsView) => number) => ((pick(to) - pick(from)) / seconds).toFixed(1)
  const cells = [
    to.ready,
    to.running,
    to.due,
    to.failed,
    rate((view) => view.totals.succeeded),
    rate((view) => view.totals.retried),
    rate((view) => view.totals.failed),
    to.workers,
  ]
  return cells.map((cell) => String(cell).padStart(WIDTH)).join('')
}

function overview(view: StatsView): string {
  const { totals } = view
  const oldest = view.oldestReadyMs === null ? '' : `, the oldest for ${durationText(view.oldestReadyMs)}`
  const rows: [string, string][] = [
    ['queues', `${view.queues}${view.pausedQueues === 0 ? '' : `, ${view.pausedQueues} paused`}`],
    ['ready', `${view.ready + view.suspects}${oldest}`],
    [
      'running',
      `${view.running} of ${view.concurrency}, on ${view.workers} ${view.workers === 1 ? 'worker' : 'workers'}`,
    ],
    ['due', `${view.due} scheduled or retrying, ${view.parked} waiting for other jobs`],
    ['failed', `${view.failed} kept`],
    [
      'so far',
      `${totals.succeeded} succeeded, ${totals.retried} retried, ${totals.failed} failed, ${totals.crashed} crashed`,
    ],
    ['leader', view.leader ?? 'none'],
  ]
  return table(rows, [
    { title: 'WHAT', value: ([what]) => what },
    { title: 'IS', value: ([, is]) => is },
  ])
}

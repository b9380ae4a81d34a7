import type { QueueView } from '@millrace/monitor'
import { defineCommand } from '../command.js'
import { printJson, printTable } from '../output/print.js'
import type { Column } from '../output/table.js'
import { durationText } from '../output/time-text.js'

const COLUMNS: readonly Column<QueueView>[] = [
  { title: 'QUEUE', value: (row) => row.queue, flexible: true },
  { title: 'READY', value: (row) => row.ready, align: 'right' },
  { title: 'RUNNING', value: (row) => row.running, align: 'right' },
  { title: 'DUE', value: (row) => row.due + row.parked, align: 'right' },
  { title: 'FAILED', value: (row) => row.failed, align: 'right' },
  { title: 'SUSPECT', value: (row) => row.suspects, align: 'right' },
  { title: 'DONE', value: (row) => row.totals.succeeded, align: 'right' },
  {
    title: 'OLDEST',
    value: (row) => (row.oldestReadyMs === null ? '-' : durationText(row.oldestReadyMs)),
    align: 'right',
  },
  { title: '', value: (row) => (row.paused ? 'paused' : row.pausedLanes > 0 ? 'pausing' : '') },
]

export const queues = defineCommand({
  usage: 'queues',
  summary: 'List the queues with their depths',
  examples: [
    ['queues', 'what waits, runs and has failed, per queue'],
    ['queues --json', 'for scripts'],
  ],
  async run(_args, session) {
    const views = await (await session.monitor()).queues()
    if (session.json) printJson(views)
    else printTable(views, COLUMNS, `App ${(await session.app()).name} has no queues yet: nothing was ever enqueued.`)
    return 0
  },
})

import type { WorkerView } from '@millrace/monitor'
import { defineCommand } from '../command.js'
import { printJson, printTable } from '../output/print.js'
import type { Column } from '../output/table.js'
import { durationText } from '../output/time-text.js'

const COLUMNS: readonly Column<WorkerView>[] = [
  { title: 'WORKER', value: (row) => row.id, flexible: true },
  { title: 'STATE', value: (row) => row.state },
  { title: 'RUNNING', value: (row) => `${row.running}/${row.concurrency}`, align: 'right' },
  { title: 'QUEUES', value: (row) => row.queues.join(','), flexible: true },
  { title: 'UP', value: (row) => durationText(row.uptimeMs), align: 'right' },
  {
    title: 'RSS',
    value: (row) => (row.rssBytes === null ? '-' : `${Math.round(row.rssBytes / 1_048_576)}M`),
    align: 'right',
  },
  { title: 'VERSION', value: (row) => row.version },
]

export const workers = defineCommand({
  usage: 'workers',
  summary: 'List the workers that have announced themselves within the last minute',
  examples: [
    ['workers', 'who runs, where, how busy'],
    ['workers --json', 'for scripts'],
  ],
  async run(_args, session) {
    const views = await (await session.monitor()).workers()
    if (session.json) printJson(views)
    else
      printTable(views, COLUMNS, `No worker of app ${(await session.app()).name} runs. Start one with: millrace worker`)
    return 0
  },
})

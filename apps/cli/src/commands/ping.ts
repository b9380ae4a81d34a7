import type { PingedWorker } from '@millrace/monitor'
import { defineCommand } from '../command.js'
import { printJson, printNote, printTable } from '../output/print.js'
import type { Column } from '../output/table.js'
import { durationText } from '../output/time-text.js'
import { ALL_WORKERS, workersAsked } from './workers-asked.js'

const COLUMNS: readonly Column<PingedWorker>[] = [
  { title: 'WORKER', value: (row) => row.id, flexible: true },
  { title: 'STATE', value: (row) => row.state },
  { title: 'RUNNING', value: (row) => `${row.running}/${row.concurrency}`, align: 'right' },
  { title: 'ANSWERED', value: (row) => (row.afterMs === null ? 'no' : `after ${durationText(row.afterMs)}`) },
]

export const ping = defineCommand({
  usage: 'ping [workers..]',
  summary: 'Ask the workers for a sign of life; status 1 unless all have answered',
  positionals: { workers: { type: 'string', array: true, describe: 'Their ids. Default: all' } },
  options: { all: ALL_WORKERS },
  examples: [
    ['ping', 'waits for each, 5 s at most'],
    ['ping --timeout 15s', 'waits longer'],
  ],
  async run({ workers, all }, session) {
    const asked = workersAsked(workers, all)
    const answer = await (await session.control()).ping({ workers: asked, waitMs: session.timeoutMs })
    if (session.json) printJson(answer)
    else {
      printTable(
        answer.workers,
        COLUMNS,
        `No worker of app ${(await session.app()).name} runs. Start one with: millrace worker`,
      )
      for (const id of answer.unknown) printNote(`Worker ${id} is unknown. See millrace workers.`)
    }
    const alive = answer.workers.length > 0 && answer.workers.every((worker) => worker.answered)
    return alive && answer.unknown.length === 0 ? 0 : 1
  },
})

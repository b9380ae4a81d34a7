import { defineCommand } from '../command.js'
import { jobLines } from '../output/job-lines.js'
import { printJson, printLine, printNote } from '../output/print.js'

export const job = defineCommand({
  usage: 'job <id>',
  summary: 'Show one job: its state, input, result, history of errors',
  positionals: { id: { type: 'string', demandOption: true, describe: "The job's id" } },
  options: { queue: { type: 'string', requiresArg: true, describe: 'Look in this queue only' } },
  examples: [
    ['job JLz3oG0E-k1fV3qnsTkA--', 'looks in every queue'],
    ['job order-42 --json', 'for scripts; null and status 1 when it left no trace'],
  ],
  async run({ id, queue }, session) {
    const view = await (await session.monitor()).job(id, { queue })
    if (session.json) printJson(view)
    else if (view === null)
      printNote(`Job ${id} is unknown: it left no trace in ${queue === undefined ? 'any queue' : `queue ${queue}`}.`)
    else printLine(jobLines(view, Date.now()))
    return view === null ? 1 : 0
  },
})

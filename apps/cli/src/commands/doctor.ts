import { defineCommand } from '../command.js'
import { diagnose } from '../doctor/diagnose.js'
import { findingLines } from '../output/finding-lines.js'
import { printJson, printLine } from '../output/print.js'

export const doctor = defineCommand({
  usage: 'doctor',
  summary: 'Check Node, the app module, the broker, the workers and the dispatcher, and say what to fix',
  examples: [
    ['doctor', 'status 1 when something is an error'],
    ['doctor --json', 'for scripts: every finding with its level, its code and its fix'],
  ],
  async run(_args, session) {
    const health = await diagnose(session)
    if (session.json) printJson(health)
    else printLine(findingLines(health.findings))
    return health.ok ? 0 : 1
  },
})

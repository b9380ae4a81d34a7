import { defineCommand } from '../command.js'
import { printJson, printLine } from '../output/print.js'
import { whenText } from '../output/time-text.js'

export const leader = defineCommand({
  usage: 'leader',
  summary: 'Show which dispatcher leads',
  examples: [
    ['leader', 'who leads, since when'],
    ['leader --json', 'for scripts; null when none ever led'],
  ],
  async run(_args, session) {
    const view = await (await session.monitor()).leader()
    if (session.json) printJson(view)
    else if (view === null) printLine('No dispatcher has ever led. Each millrace worker carries a candidate.')
    else {
      const now = Date.now()
      const ended = view.endedAt === null ? '' : `, ended ${whenText(view.endedAt, now)}: no leader now`
      const who = `${view.candidate} on ${view.host}, process ${view.pid}`
      printLine(`${who}, epoch ${view.epoch}, since ${whenText(view.since, now)}${ended}`)
    }
    return 0
  },
})

import type { PastTerm } from '@millrace/monitor'
import { defineCommand } from '../command.js'
import { printJson, printLine, printTable } from '../output/print.js'
import { durationText, whenText } from '../output/time-text.js'

/** More are in `--json`. */
const SHOWN_TERMS = 10

export const leader = defineCommand({
  usage: 'leader',
  summary: 'Show which dispatcher leads, and which led before',
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
      if (view.past.length > 0) printPast(view.past, now)
    }
    return 0
  },
})

function printPast(past: readonly PastTerm[], now: number): void {
  printLine('')
  printTable(
    past.slice(0, SHOWN_TERMS),
    [
      { title: 'PAST TERM', value: (term) => term.epoch },
      { title: 'LEADER', value: (term) => `${term.candidate} on ${term.host}`, flexible: true },
      { title: 'BEGAN', value: (term) => whenText(term.since, now) },
      {
        title: 'ENDED',
        value: (term) =>
          term.endedAt === null ? 'without a word' : `after ${durationText(term.endedAt - term.since)}`,
      },
    ],
    '',
  )
}

import type { CheckView, DefectView, LaneCheckView, RepairView } from '@millrace/monitor'
import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { printJson, printLine, printNote } from '../output/print.js'
import { printWidth, table } from '../output/table.js'

const SHOWN = 20
const NOTE_EVERY = 200_000

type LaneAnswer = LaneCheckView & { readonly mended?: readonly DefectView[] }

export const fsck = defineCommand({
  usage: 'fsck [queue]',
  summary: 'Check that every job is in exactly one place and nothing is left behind; --repair mends a paused queue',
  positionals: { queue: { type: 'string', describe: 'Only this queue; default: all' } },
  options: {
    dry: { type: 'boolean', describe: 'Only look (the default)' },
    repair: { type: 'boolean', describe: 'Mend what can be mended without a guess; the queue must be paused' },
  },
  examples: [
    ['fsck', 'reads every queue in steps, while work goes on; status 1 when something is wrong'],
    ['fsck mail --repair', 'after `millrace pause mail`'],
  ],
  async run({ queue, dry, repair }, session) {
    if (dry === true && repair === true) throw new UsageError('--dry only looks, --repair mends: leave one out.')
    const query = session.json ? { queue } : { queue, onProgress: everyEntries(NOTE_EVERY) }
    const answer =
      repair === true ? await (await session.control()).repair(query) : await (await session.monitor()).fsck(query)
    if (session.json) printJson(answer)
    else printLine(checkLines(answer))
    return answer.ok ? 0 : 1
  },
})

function checkLines({ lanes, ok }: CheckView | RepairView): string {
  const lines = lanes.flatMap((lane) => laneLines(lane))
  const jobs = lanes.reduce((sum, lane) => sum + lane.jobs, 0)
  if (ok)
    lines.push(
      `Consistent: ${jobs} ${jobs === 1 ? 'job' : 'jobs'} in ${lanes.length} ${lanes.length === 1 ? 'lane' : 'lanes'}.`,
    )
  else if (!lanes.some((lane) => 'mended' in lane))
    lines.push(
      'To mend what can be mended: `millrace pause QUEUE`, `millrace fsck QUEUE --repair`, `millrace resume QUEUE`.',
    )
  return lines.join('\n')
}

function laneLines(lane: LaneAnswer): string[] {
  if (lane.defects.length === 0) return []
  const mended = new Set(lane.mended?.map(nameOf))
  const rows = table(
    lane.defects.slice(0, SHOWN),
    [
      { title: 'DEFECT', value: ({ kind }) => kind },
      { title: 'SUBJECT', value: ({ subject }) => subject, flexible: true },
      { title: 'PLACE', value: ({ place }) => place },
      { title: '', value: (defect) => (mended.has(nameOf(defect)) ? 'mended' : '') },
    ],
    printWidth(),
  )
  const total = Object.values(lane.counts).reduce((a, b) => a + b, 0)
  const head = `${lane.queue}/${lane.lane}: ${total} ${total === 1 ? 'defect' : 'defects'} among ${lane.jobs} jobs`
  const tail =
    lane.mended === undefined ? [] : [`${lane.mended.length} mended, ${total - lane.mended.length} left as they are`]
  const more = total > SHOWN ? [`… and ${total - SHOWN} more (--json lists the first 1,000)`] : []
  return [head, rows, ...more, ...tail]
}

/** A note each time that so many more entries are read. */
function everyEntries(step: number): (entries: number) => void {
  let next = step
  return (entries) => {
    if (entries < next) return
    next = entries + step
    printNote(`${entries} entries read`)
  }
}

const nameOf = ({ kind, subject, place }: DefectView) => `${kind} ${subject} ${place}`

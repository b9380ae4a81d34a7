import type { ScheduleReading } from './app-reading.js'
import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'

/** I9: one job per tick, at its instant, none left out. */
export function checkMetronomes(evidence: Evidence, findings: Findings): void {
  if (evidence.app.schedules.length === 0) return
  if (evidence.storeLoss !== undefined) {
    findings.skip('I9', `Redis ${evidence.storeLoss.how} in this run, and the schedule's own state with it`)
    return
  }
  if (evidence.clockMoved) {
    findings.skip('I9', 'a clock was moved: what ticks it makes due is not known beforehand')
    return
  }
  for (const schedule of evidence.app.schedules) checkSchedule(schedule, evidence, findings)
}

function checkSchedule({ name, everyMs, watermark }: ScheduleReading, { effects }: Evidence, findings: Findings): void {
  const start = `tick/${name}/`
  const ticks = [...effects.executions.values()]
    .flatMap(([first]) => (first?.key.startsWith(start) === true ? [Number(first.key.slice(start.length))] : []))
    .toSorted((a, b) => a - b)
  findings.details.ticks = ticks.length
  const [first, last] = [ticks[0], ticks.at(-1)]
  findings.check('I9', first !== undefined, () => `${name} has never ticked`)
  if (first === undefined || last === undefined) return
  const doubled = ticks.filter((tick, i) => tick === ticks[i - 1])
  findings.check(
    'I9',
    doubled.length === 0,
    () => `${doubled.length} ticks made two jobs, e.g. ${some(doubled.map(String))}`,
  )
  const there = new Set(ticks)
  const missing: string[] = []
  // The watermark says that all ticks up to it are dealt with; those that are to be made up for are, too.
  for (let tick = first; tick <= Math.max(last, watermark); tick += everyMs) {
    if (!there.has(tick)) missing.push(String(tick))
  }
  findings.check('I9', missing.length === 0, () => `${missing.length} ticks made no job, e.g. ${some(missing)}`)
  const off = ticks.filter((tick) => (tick - first) % everyMs !== 0).map(String)
  findings.check('I9', off.length === 0, () => `${off.length} ticks are off the interval, e.g. ${some(off)}`)
}

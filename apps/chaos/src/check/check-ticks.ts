import type { Findings } from './findings.js'
import type { Effects } from './read-effects.js'

/** I9: each expected tick made one job, that is: ran once, since its worker never dies. */
export function checkTicks(expected: readonly string[], effects: Effects, findings: Findings): void {
  const missing = expected.filter((id) => !effects.executions.has(id))
  const double = expected.filter((id) => (effects.executions.get(id)?.length ?? 0) > 1)
  const known = new Set(expected)
  const strangers = [...effects.executions.keys()].filter((id) => id.startsWith('schedule:') && !known.has(id))
  findings.details.ticks = expected.length
  findings.details.ticksMissing = missing.length
  findings.details.ticksDouble = double.length
  findings.check('I9', missing.length === 0, () => `${missing.length} ticks made no job, e.g. ${missing[0]}`)
  findings.check('I9', double.length === 0, () => `${double.length} ticks made two jobs, e.g. ${double[0]}`)
  findings.check('I9', strangers.length === 0, () => `${strangers.length} ticks that are none, e.g. ${strangers[0]}`)
}

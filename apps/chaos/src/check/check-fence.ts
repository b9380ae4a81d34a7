import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'

/** I5: who uses the token as a fence has each effect once, and no success is without its effect. */
export function checkFence({ effects, outcomes, store }: Evidence, findings: Findings): void {
  const executed = [...effects.executions].filter(([, [first]]) => first?.key.startsWith('fenced/') === true)
  if (executed.length === 0) return
  const doubled = [...store.had].filter(([, times]) => times > 1).map(([key]) => key)
  const without = executed
    .filter(([id, [first]]) => outcomes.get(id)?.startsWith('S') === true && !store.had.has(first?.key ?? ''))
    .map(([id]) => id)
  findings.details.fenced = { jobs: executed.length, staleRefused: store.stale, repeatedRefused: store.repeated }
  findings.check('I5', doubled.length === 0, () => `${doubled.length} effects were had twice, e.g. ${some(doubled)}`)
  findings.check(
    'I5',
    without.length === 0,
    () => `${without.length} jobs succeeded, but the fence had refused their effect, e.g. ${some(without)}`,
  )
}

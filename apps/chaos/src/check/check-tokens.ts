import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'

/** I4: a reservation executes once, and the one that was accepted is the newest. */
export function checkTokens({ effects, outcomes }: Evidence, findings: Findings): void {
  let repeated = 0
  const twice: string[] = []
  const stale: string[] = []
  for (const [id, list] of effects.executions) {
    repeated += list.length - new Set(list.map(({ attempt }) => attempt)).size
    if (new Set(list.map(({ token }) => token)).size !== list.length) twice.push(id)
    const outcome = outcomes.get(id)
    const newest = list.at(-1)?.token
    if (outcome?.startsWith('S') === true && tokenOf(outcome.slice(1)) !== newest) stale.push(id)
  }
  findings.effectsRepeated = repeated
  findings.check(
    'I4',
    twice.length === 0,
    () => `${twice.length} reservations were executed twice, e.g. of ${some(twice)}`,
  )
  findings.check('I4', stale.length === 0, () => `${stale.length} stale verdicts were accepted, e.g. of ${some(stale)}`)
}

/** The handlers of the workloads return their token, some with more beside it. */
function tokenOf(body: string): unknown {
  const output: unknown = JSON.parse(body)
  return typeof output === 'object' && output !== null ? (output as { token?: unknown }).token : output
}

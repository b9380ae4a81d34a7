import { checkEnds } from './check-ends.js'
import { checkFence } from './check-fence.js'
import { checkMetronomes } from './check-metronomes.js'
import { checkOrder } from './check-order.js'
import { checkPlaces } from './check-places.js'
import { checkStoredTerms } from './check-stored-terms.js'
import { checkTokens } from './check-tokens.js'
import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'
import type { LaneReading } from './lane-reading.js'

/** Evaluates the invariants that every run must keep. */
export function checkRun(evidence: Evidence, findings: Findings): void {
  const { lane, drained, effects } = evidence
  checkNothingFromNowhere(evidence, findings)
  checkEnds(evidence, findings)
  checkTokens(evidence, findings)
  checkFence(evidence, findings)
  checkBounds(evidence, findings)
  checkStoredTerms(evidence, findings)
  checkMetronomes(evidence, findings)
  checkOrder(evidence, findings)
  checkPlaces(evidence, findings)
  const failed = new Set(lane.places.failed)
  findings.stuck = [...lane.jobs].filter((id) => !failed.has(id)).length
  findings.check('I6', findings.stuck === 0, () => `${findings.stuck} jobs are stuck: ${whereabouts(lane)}`)
  findings.check('I12', drained, () => 'the queue did not drain in time after the last fault')
  findings.staleRefused = effects.refused.length
}

/** I2: what was executed had been enqueued, once. */
function checkNothingFromNowhere({ producer, effects, app, storeLoss }: Evidence, findings: Findings): void {
  const byKey = new Map<string, Set<string>>()
  const strangers: string[] = []
  for (const [id, [first]] of effects.executions) {
    const key = first?.key ?? ''
    if (key !== '') byKey.set(key, (byKey.get(key) ?? new Set()).add(id))
    const known = producer.attempted(id) || producer.keys.has(key) || producer.voided.has(key)
    if (!known && !app.schedules.some(({ name }) => key.startsWith(`tick/${name}/`))) strangers.push(id)
  }
  findings.unexpected = strangers.length
  findings.check(
    'I2',
    strangers.length === 0,
    () => `${strangers.length} jobs came from nowhere, e.g. ${some(strangers)}`,
  )
  // A unique key has one job after the other; every other key names one job.
  const doubled = [...byKey].filter(([key, ids]) => ids.size > 1 && !key.startsWith('unique/')).map(([key]) => key)
  // A store that forgot a tick's job may be told of it again.
  const judged = storeLoss === undefined ? doubled : doubled.filter((key) => !key.startsWith('tick/'))
  findings.check('I2', judged.length === 0, () => `${judged.length} jobs exist twice, e.g. ${some(judged)}`)
}

/** I7 */
function checkBounds({ effects, maxCrashes, maxAttempts }: Evidence, findings: Findings): void {
  const beyond: string[] = []
  for (const [id, list] of effects.executions) {
    if (list.some(({ attempt, crashes }) => attempt > maxAttempts || crashes >= maxCrashes)) beyond.push(id)
  }
  findings.check(
    'I7',
    beyond.length === 0,
    () => `${beyond.length} jobs ran beyond their last attempt or crash, e.g. ${some(beyond)}`,
  )
}

function whereabouts(lane: LaneReading): string {
  const counts = Object.entries(lane.places).map(([place, ids]) => [place, ids.length] as const)
  const held = lane.held.reduce((sum, { ids }) => sum + ids.length, 0)
  return [...counts, ['held', held] as const]
    .filter(([, count]) => count > 0)
    .map(([place, count]) => `${place} ${count}`)
    .join(', ')
}

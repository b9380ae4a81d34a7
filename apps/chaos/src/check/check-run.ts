import type { Findings } from './findings.js'
import type { LaneReading } from './lane-reading.js'
import type { Produced, ProducerLedger } from './producer-ledger.js'
import type { Effects } from './read-effects.js'

/** Everything known of a run whose faults are over and whose queue was given time to drain. */
export interface Evidence {
  readonly producer: ProducerLedger
  readonly effects: Effects
  readonly lane: LaneReading
  /** Kept outcomes, by id. */
  readonly outcomes: ReadonlyMap<string, string>
  readonly drained: boolean
  /** Crashes at which a job fails. */
  readonly maxCrashes: number
  readonly maxAttempts: number
}

/** Evaluates the invariants that every run must keep. */
export function checkRun(evidence: Evidence, findings: Findings): void {
  const { lane, drained } = evidence
  checkNothingFromNowhere(evidence, findings)
  checkEnds(evidence, findings)
  checkTokens(evidence, findings)
  checkBounds(evidence, findings)
  checkPlaces(lane, findings)
  const failed = new Set(lane.places.failed)
  findings.stuck = [...lane.jobs].filter((id) => !failed.has(id)).length
  findings.check('I6', findings.stuck === 0, () => `${findings.stuck} jobs are stuck: ${whereabouts(lane)}`)
  findings.check('I12', drained, () => 'the queue did not drain in time after the last fault')
  findings.staleRefused = evidence.effects.refused.length
}

/** I2: what was executed had been enqueued. */
function checkNothingFromNowhere({ producer, effects }: Evidence, findings: Findings): void {
  const strangers = [...effects.executions.keys()].filter((id) => producer.attempted(id) === undefined)
  findings.unexpected = strangers.length
  findings.check(
    'I2',
    strangers.length === 0,
    () => `${strangers.length} jobs came from nowhere, e.g. ${some(strangers)}`,
  )
}

/** I1 and I3: each acknowledged job ended as it should, once. */
function checkEnds({ producer, effects, lane, outcomes }: Evidence, findings: Findings): void {
  const failed = new Set(lane.places.failed)
  const lost: string[] = []
  const failedWrongly: string[] = []
  const succeededWrongly: string[] = []
  let succeeded = 0
  const judge = ({ id, fate, kept }: Produced, certain: boolean) => {
    const gone = !lane.jobs.has(id)
    if (failed.has(id)) {
      if (fate === 'succeeds') failedWrongly.push(id)
      return
    }
    if (!gone) return
    const done = kept ? outcomes.get(id)?.startsWith('S') === true : effects.executions.has(id)
    if (!done) {
      if (certain || effects.executions.has(id)) lost.push(id)
      return
    }
    succeeded++
    if (fate === 'fails') succeededWrongly.push(id)
  }
  for (const job of producer.acknowledged.values()) judge(job, true)
  for (const job of producer.unknown.values()) judge(job, false)

  // Jobs without a kept outcome leave no trace of their own: the store's counter must agree with their number.
  const counted = Number(lane.meta.succeeded ?? 0)
  findings.settledTwice = Math.max(0, counted - succeeded)
  findings.lost = Math.max(lost.length, succeeded - counted)
  findings.details.succeeded = counted
  findings.details.failed = failed.size
  findings.details.crashed = Number(lane.meta.crashed ?? 0)
  findings.check('I1', findings.lost === 0, () => `${findings.lost} acknowledged jobs are lost, e.g. ${some(lost)}`)
  findings.check(
    'I1',
    failedWrongly.length === 0,
    () => `${failedWrongly.length} good jobs failed, e.g. ${some(failedWrongly)}`,
  )
  findings.check(
    'I1',
    succeededWrongly.length === 0,
    () => `${succeededWrongly.length} bad jobs succeeded, e.g. ${some(succeededWrongly)}`,
  )
  findings.check('I3', findings.settledTwice === 0, () => `${counted} successes are counted, of ${succeeded} jobs`)
}

/** I4: a reservation executes once, and the one that was accepted is the newest. */
function checkTokens({ effects, outcomes }: Evidence, findings: Findings): void {
  let repeated = 0
  const twice: string[] = []
  const stale: string[] = []
  for (const [id, list] of effects.executions) {
    repeated += list.length - 1
    if (new Set(list.map((effect) => effect.token)).size !== list.length) twice.push(id)
    const outcome = outcomes.get(id)
    const newest = list.at(-1)?.token
    if (outcome?.startsWith('S') === true && JSON.parse(outcome.slice(1)) !== newest) stale.push(id)
  }
  findings.effectsRepeated = repeated
  findings.check(
    'I4',
    twice.length === 0,
    () => `${twice.length} reservations were executed twice, e.g. of ${some(twice)}`,
  )
  findings.check('I4', stale.length === 0, () => `${stale.length} stale verdicts were accepted, e.g. of ${some(stale)}`)
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

/** I1 (in exactly one place) and I11 (no entry without its job, no fact without its job), I13 (nothing left behind). */
export function checkPlaces(lane: LaneReading, findings: Findings): void {
  const places = new Map<string, string[]>()
  const note = (id: string, place: string) => places.set(id, [...(places.get(id) ?? []), place])
  for (const [place, ids] of Object.entries(lane.places)) {
    // A cancelled job's entry stays in `ready` until it is popped.
    for (const id of ids) if (!(place === 'ready' && lane.tombs.has(id) && !lane.jobs.has(id))) note(id, place)
  }
  for (const { seat, token, ids } of lane.held) for (const id of ids) note(id, `held by ${seat} under ${token}`)
  const homeless = [...lane.jobs].filter((id) => !places.has(id))
  const crowded = [...places].filter(([, list]) => list.length > 1)
  const hollow = [...places.keys()].filter((id) => !lane.jobs.has(id))
  findings.check(
    'I1',
    homeless.length === 0,
    () => `${homeless.length} jobs are in no structure, e.g. ${some(homeless)}`,
  )
  findings.check(
    'I1',
    crowded.length === 0,
    () => `${crowded.length} jobs are in several structures, e.g. ${some(crowded.map(String))}`,
  )
  findings.check('I11', hollow.length === 0, () => `${hollow.length} entries have no job, e.g. ${some(hollow)}`)
  for (const [hash, ids] of Object.entries(lane.sparse)) {
    const orphans = ids.filter((id) => !lane.jobs.has(id))
    findings.check(
      'I11',
      orphans.length === 0,
      () => `${hash} speaks of ${orphans.length} jobs that are gone, e.g. ${some(orphans)}`,
    )
  }
  findings.check('I13', lane.outbox === 0, () => `${lane.outbox} follow-ups wait in the outbox`)
}

function whereabouts(lane: LaneReading): string {
  const counts = Object.entries(lane.places).map(([place, ids]) => [place, ids.length] as const)
  const held = lane.held.reduce((sum, { ids }) => sum + ids.length, 0)
  return [...counts, ['held', held] as const]
    .filter(([, count]) => count > 0)
    .map(([place, count]) => `${place} ${count}`)
    .join(', ')
}

function some(list: readonly string[]): string {
  return list.slice(0, 3).join(', ')
}

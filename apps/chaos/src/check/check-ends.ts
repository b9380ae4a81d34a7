import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'
import type { Fate } from './producer-ledger.js'

/** How long before a failover an acknowledged write may not have reached the replica, ms. */
const REPLICATION_TAIL_MS = 1_000

/** One job whose end is to be judged. */
interface Judged {
  readonly id: string
  readonly fate: Fate
  readonly kept: boolean
  /** Its enqueue was acknowledged: it must have an end. */
  readonly certain: boolean
  readonly at: number
}

/** I1 and I3: each acknowledged job ended as it should, once. */
export function checkEnds(evidence: Evidence, findings: Findings): void {
  const { lane, effects, outcomes } = evidence
  const failed = new Set(lane.places.failed)
  const { jobs, missing } = jobsToJudge(evidence)
  const lost: { id: string; at: number }[] = [...missing]
  const failedWrongly: string[] = []
  const succeededWrongly: string[] = []
  let succeeded = 0
  for (const { id, fate, kept, certain, at } of jobs) {
    if (failed.has(id)) {
      if (fate === 'succeeds') failedWrongly.push(id)
      continue
    }
    if (lane.jobs.has(id)) continue
    const done = kept ? outcomes.get(id)?.startsWith('S') === true : effects.executions.has(id)
    if (!done) {
      if (certain || effects.executions.has(id)) lost.push({ id, at })
      continue
    }
    succeeded++
    if (fate === 'fails') succeededWrongly.push(id)
  }

  // Jobs without a kept outcome leave no trace of their own: the store's counter must agree with their number.
  const counted = Number(lane.meta.succeeded ?? 0)
  findings.settledTwice = Math.max(0, counted - succeeded)
  findings.lost = Math.max(lost.length, succeeded - counted)
  findings.details.succeeded = counted
  findings.details.failed = failed.size
  findings.details.crashed = Number(lane.meta.crashed ?? 0)
  judgeLosses(evidence, findings, lost)
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

/** A store that lost what it had acknowledged is judged by what it may lose, and the report says so. */
function judgeLosses(
  { storeLoss }: Evidence,
  findings: Findings,
  lost: readonly { readonly id: string; readonly at: number }[],
): void {
  const excused = (at: number) =>
    storeLoss?.how === 'failed over' &&
    storeLoss.at.some((failover) => at <= failover && at > failover - REPLICATION_TAIL_MS)
  const unexcused = lost.filter(({ at }) => !excused(at))
  const byCounter = findings.lost > lost.length
  findings.check(
    'I1',
    unexcused.length === 0 && (!byCounter || storeLoss?.how === 'failed over'),
    () => `${findings.lost} acknowledged jobs are lost, e.g. ${some(unexcused.map(({ id }) => id))}`,
  )
  if (storeLoss?.how === 'emptied') {
    findings.skip('I1', 'Redis was emptied: judged for what was enqueued after it, and that holds')
  } else if (findings.lost > 0 && unexcused.length === 0) {
    const what = `${findings.lost} jobs of the last ${REPLICATION_TAIL_MS} ms before a failover had not reached the replica`
    findings.skip('I1', what)
  }
}

/** Jobs by id, and those by key, whose ids only their executions tell. */
function jobsToJudge({ producer, effects, app, outcomes, storeLoss }: Evidence) {
  const jobs: Judged[] = []
  const missing: { id: string; at: number }[] = []
  for (const job of producer.acknowledged.values()) jobs.push({ ...job, certain: true })
  for (const job of producer.unknown.values()) jobs.push({ ...job, certain: false })
  const idOf = new Map<string, string>()
  for (const [id, [first]] of effects.executions) {
    if (first === undefined || first.key === '') continue
    idOf.set(first.key, id)
    const tick = app.schedules.some(({ name }) => first.key.startsWith(`tick/${name}/`))
    // A store that forgot may have forgotten the tick's job: then only an end that is there says anything.
    if (tick && (storeLoss === undefined || outcomes.has(id))) {
      jobs.push({ id, fate: 'succeeds', kept: true, certain: true, at: first.at })
    }
  }
  for (const [key, { certain, at }] of producer.keys) {
    const id = idOf.get(key)
    if (id !== undefined) jobs.push({ id, fate: 'succeeds', kept: true, certain, at })
    else if (certain) missing.push({ id: key, at })
  }
  return { jobs, missing }
}

import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'
import type { Effect } from './read-effects.js'

/** Producer and store read the same clock here; both round to ms. */
const ROUNDING_MS = 2

/** I10: nothing starts before its time, before what it waits for, or beside the holder of its unique key. */
export function checkOrder(evidence: Evidence, findings: Findings): void {
  const byKey = new Map<string, Effect[][]>()
  for (const list of evidence.effects.executions.values()) {
    const [first] = list
    if (first === undefined || first.key === '') continue
    const lists = byKey.get(first.key)
    if (lists === undefined) byKey.set(first.key, [[...list]])
    else lists.push([...list])
  }
  if (!evidence.clockMoved) checkDelays(byKey, findings)
  // A store that lost the end of a job lets it start again, behind what it has led to.
  if (evidence.storeLoss === undefined) {
    checkLinks(evidence, byKey, findings)
    checkUnique(evidence, byKey, findings)
  }
  if (evidence.oneByOne) checkFifo(byKey, findings)
}

function checkDelays(byKey: ReadonlyMap<string, readonly Effect[][]>, findings: Findings): void {
  const delayed = [...byKey].filter(([key]) => key.startsWith('delayed/'))
  if (delayed.length === 0) return
  const early = delayed
    .filter(([key, lists]) => firstStart(lists) < Number(key.split('/')[2]) - ROUNDING_MS)
    .map(([key]) => key)
  findings.check('I10', early.length === 0, () => `${early.length} jobs ran before their time, e.g. ${some(early)}`)
}

/** A step of a chain after the step before it, the body of a chord after all its members. */
function checkLinks(evidence: Evidence, byKey: ReadonlyMap<string, readonly Effect[][]>, findings: Findings): void {
  const ended = (key: string) => {
    const ends = (byKey.get(key) ?? [])
      .flat()
      .map(({ jobId, token }) => evidence.effects.ended.get(`${jobId} ${token}`) ?? Number.POSITIVE_INFINITY)
    return Math.min(Number.POSITIVE_INFINITY, ...ends)
  }
  let links = 0
  const early: string[] = []
  for (const [key, lists] of byKey) {
    const [kind, number, place] = key.split('/')
    const upstream =
      kind === 'chain' && place !== '0'
        ? [`chain/${number}/${Number(place) - 1}`]
        : kind === 'chord' && place === 'body'
          ? [...byKey.keys()].filter((other) => other.startsWith(`chord/${number}/`) && other !== key)
          : []
    if (upstream.length === 0) continue
    links++
    if (upstream.some((other) => ended(other) > firstStart(lists))) early.push(key)
  }
  if (links > 0) {
    findings.check(
      'I10',
      early.length === 0,
      () => `${early.length} jobs ran before what they wait for, e.g. ${some(early)}`,
    )
  }
}

function checkUnique(evidence: Evidence, byKey: ReadonlyMap<string, readonly Effect[][]>, findings: Findings): void {
  const overlapping: string[] = []
  let keys = 0
  for (const [key, lists] of byKey) {
    if (!key.startsWith('unique/')) continue
    keys++
    const jobs = lists.toSorted((a, b) => (a[0]?.at ?? 0) - (b[0]?.at ?? 0))
    for (const [i, list] of jobs.entries()) {
      const accepted = jobs[i - 1]?.at(-1)
      if (accepted === undefined) continue
      const end = evidence.effects.ended.get(`${accepted.jobId} ${accepted.token}`) ?? Number.POSITIVE_INFINITY
      if ((list[0]?.at ?? 0) < end) overlapping.push(key)
    }
  }
  if (keys > 0) {
    findings.check(
      'I10',
      overlapping.length === 0,
      () => `two jobs of a unique key ran at once, e.g. of ${some(overlapping)}`,
    )
  }
}

/** Handed out in the order of the enqueue (but for what has crashed, which comes back before others), and what came together starts so. */
function checkFifo(byKey: ReadonlyMap<string, readonly Effect[][]>, findings: Findings): void {
  const started = [...byKey]
    .flatMap(([key, lists]) => {
      const first = lists[0]?.[0]
      if (first === undefined || first.crashes > 0 || !key.startsWith('fifo/')) return []
      return [{ number: Number(key.split('/')[1]), token: BigInt(first.token), at: first.at }]
    })
    .toSorted((a, b) => a.number - b.number)
  const pairs = started.slice(1).map((job, i) => ({ job, previous: started[i] as typeof job }))
  const early = pairs
    .filter(({ job, previous }) => job.token < previous.token || (job.token === previous.token && job.at < previous.at))
    .map(({ job }) => String(job.number))
  findings.check('I10', early.length === 0, () => `${early.length} jobs overtook another, e.g. ${some(early)}`)
  findings.details.inOrder = started.length
  // Two exchanges whose answers both had to be asked for again may be unpacked the other way round.
  findings.details.startedBeforeAnother = pairs.filter(({ job, previous }) => job.at < previous.at).length
}

function firstStart(lists: readonly (readonly Effect[])[]): number {
  return Math.min(...lists.flat().map(({ at }) => at))
}

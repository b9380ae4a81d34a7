import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'
import type { LaneReading } from './lane-reading.js'

/** Keys that belong to no job, seat or minute: the fixed ones of a lane and of an app, a lock, a few of schedules. */
const FIXED_KEYS = 60

/** I1 (in exactly one place), I11 (no entry without its job, no fact without its job), I13 (nothing left behind). */
export function checkPlaces(evidence: Evidence, findings: Findings): void {
  const { lane } = evidence
  const places = placesOf(lane)
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
  checkLeftovers(evidence, findings)
}

/** Job → the structures that name it. */
function placesOf(lane: LaneReading): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>()
  const note = (id: string, place: string) => {
    const known = places.get(id)
    if (known === undefined) places.set(id, [place])
    else known.push(place)
  }
  for (const [place, ids] of Object.entries(lane.places)) {
    // A cancelled job's entry stays in `ready` until it is popped.
    for (const id of ids) if (!(place === 'ready' && lane.tombs.has(id) && !lane.jobs.has(id))) note(id, place)
  }
  for (const { seat, token, ids } of lane.held) for (const id of ids) note(id, `held by ${seat} under ${token}`)
  return places
}

/** I13: after the drain the store is back to what is bounded or asked for. */
function checkLeftovers({ lane, app, producer, effects }: Evidence, findings: Findings): void {
  const families = new Map<string, string[]>()
  for (const key of app.keys) {
    const family = /:(seat|result|unique|join|stats|schedules:backlog):/.exec(key)?.[1] ?? 'fixed'
    const known = families.get(family)
    if (known === undefined) families.set(family, [key])
    else known.push(key)
  }
  const count = (family: string) => families.get(family)?.length ?? 0
  findings.check('I13', lane.outbox === 0, () => `${lane.outbox} follow-ups wait in the outbox`)
  for (const family of ['unique', 'join', 'schedules:backlog']) {
    findings.check(
      'I13',
      count(family) === 0,
      () => `${count(family)} ${family} keys are left, e.g. ${families.get(family)?.[0]}`,
    )
  }
  const leases = new Set(lane.leases)
  const seatless = lane.seats.filter((seat) => !leases.has(seat))
  findings.check(
    'I13',
    seatless.length === 0,
    () => `${seatless.length} seats have no lease that could end, e.g. ${some(seatless)}`,
  )
  findings.check('I13', count('fixed') <= FIXED_KEYS, () => `${count('fixed')} other keys are left`)
  const owned = (id: string) => producer.attempted(id) || effects.executions.has(id)
  const strange = (families.get('result') ?? []).filter((key) => !owned(key.slice(key.indexOf(':result:') + 8)))
  findings.check('I11', strange.length === 0, () => `${strange.length} outcomes are of no job, e.g. ${some(strange)}`)
  findings.details.keys = app.keys.length - count('result')
}

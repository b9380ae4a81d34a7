import type { Lane } from '@millrace/broker'
import type { Redis } from 'ioredis'
import type { Keyspace } from '../src/keyspace.js'
import { LANE_FAMILIES, LANE_KEYS, lanePrefix, SESSION_FIELD } from '../src/keyspace.js'

/** A raw reading of one lane, by key names alone: none of the product's scripts is asked. */
export interface LaneReading {
  readonly jobs: ReadonlyMap<string, string>
  /** id → where it stands: `ready`, `due`, `seat:<name>#<token>`, … */
  readonly places: ReadonlyMap<string, readonly string[]>
  readonly meta: ReadonlyMap<string, string>
  /** Every key of the lane, without its prefix. */
  readonly keys: readonly string[]
  readonly findings: readonly string[]
}

const LISTS = ['suspects', 'solo'] as const
const ZSETS = ['urgent', 'background', 'due', 'parked', 'failed'] as const
/** Hashes by id that may only speak of living jobs. */
const BY_ID = ['attrs', 'attempts', 'crashes', 'history', 'cancels', 'waiters'] as const

/** Invariant I11: everything is where it belongs, in exactly one place, and nothing is left behind. */
export async function auditLane(raw: Redis, keyspace: Keyspace, lane: Lane): Promise<LaneReading> {
  const prefix = lanePrefix(keyspace, lane)
  const keys = (await raw.keys(`${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`)).map((key) => key.slice(prefix.length))
  const findings: string[] = []
  const find = (what: string) => findings.push(`${lane.queue}/${lane.index}: ${what}`)

  const seatKeys = keys.filter((key) => key.startsWith(LANE_FAMILIES.seat))
  const uniqueKeys = keys.filter((key) => key.startsWith(LANE_FAMILIES.unique))
  const pipeline = raw.pipeline()
  pipeline
    .hgetall(prefix + LANE_KEYS.jobs)
    .hgetall(prefix + LANE_KEYS.meta)
    .lrange(prefix + LANE_KEYS.ready, 0, -1)
  pipeline
    .smembers(prefix + LANE_KEYS.tombs)
    .zrange(prefix + LANE_KEYS.workers, '0', '-1')
    .zrange(prefix + LANE_KEYS.dying, '0', '-1')
  pipeline.zrange(prefix + LANE_KEYS.sessionsByAge, '0', '-1').llen(prefix + LANE_KEYS.wake)
  for (const list of LISTS) pipeline.lrange(prefix + LANE_KEYS[list], '0', '-1')
  for (const set of ZSETS) pipeline.zrange(prefix + LANE_KEYS[set], '0', '-1')
  for (const hash of BY_ID) pipeline.hkeys(prefix + LANE_KEYS[hash])
  for (const key of seatKeys) pipeline.hgetall(prefix + key)
  for (const key of uniqueKeys) pipeline.get(prefix + key)
  const replies = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error
    return value
  })
  const next = <T>() => replies.shift() as T
  const jobs = new Map(Object.entries(next<Record<string, string>>()))
  const meta = new Map(Object.entries(next<Record<string, string>>()))
  const ready = next<string[]>()
  const tombs = new Set(next<string[]>())
  const leased = [...next<string[]>(), ...next<string[]>()]
  const aged = next<string[]>()
  if (next<number>() > 1) find('more than one wake token')

  const places = new Map<string, string[]>()
  const place = (id: string, where: string) => places.set(id, [...(places.get(id) ?? []), where])
  const unburied = new Set(tombs)
  for (const id of ready) if (!unburied.delete(id)) place(id, 'ready')
  for (const id of unburied) find(`tombstone of ${id} without an entry`)
  for (const list of LISTS) for (const id of next<string[]>()) place(id, list)
  for (const set of ZSETS) for (const id of next<string[]>()) place(id, set)
  const byId = new Map(BY_ID.map((hash) => [hash, next<string[]>()]))
  for (const key of seatKeys) {
    const name = key.slice(LANE_FAMILIES.seat.length)
    const seat = next<Record<string, string>>()
    const held = new Set<string>()
    if (!leased.includes(name)) find(`seat ${name} in neither workers nor dying`)
    for (const [field, text] of Object.entries(seat)) {
      if (!/^t\d+$/.test(field)) continue
      const ids = text.split(' ').filter(Boolean)
      if (ids.length === 0) find(`token ${field} of ${name} holds nothing`)
      for (const id of ids) {
        place(id, `${key}#${field}`)
        held.add(id)
      }
    }
    for (const field of ['alone', 'suspect']) {
      const id = seat[field]
      if (id !== undefined && !held.has(id)) find(`${field} of ${name} is ${id}, which it does not hold`)
    }
  }
  for (const name of leased) if (!seatKeys.includes(LANE_FAMILIES.seat + name)) find(`lease of ${name} without a seat`)
  for (const key of uniqueKeys) {
    const holder = next<string>()
    if (!jobs.has(holder) || places.get(holder)?.includes('failed'))
      find(`${key} is held by ${holder}, which has ended`)
  }
  for (const id of jobs.keys()) {
    const where = places.get(id) ?? []
    if (where.length !== 1) find(`${id} is in ${where.length === 0 ? 'no place' : where.join(' and ')}`)
  }
  for (const [id, where] of places) if (!jobs.has(id)) find(`${id} without a message in ${where.join(' and ')}`)
  for (const [hash, ids] of byId) for (const id of ids) if (!jobs.has(id)) find(`${hash} of ${id}, which has ended`)
  for (const id of byId.get('cancels') ?? []) {
    if (!places.get(id)?.every((where) => where.startsWith(LANE_FAMILIES.seat)))
      find(`cancel of ${id}, which does not run`)
  }
  for (const key of keys) {
    if (key.startsWith(LANE_FAMILIES.join) && !jobs.has(key.slice(LANE_FAMILIES.join.length)))
      find(`${key} of an ended job`)
    const known = (Object.values(LANE_KEYS) as string[]).includes(key)
    if (!known && !Object.values(LANE_FAMILIES).some((family) => key.startsWith(family))) find(`unknown key ${key}`)
  }
  const young = new Set(aged)
  for (const field of meta.keys()) {
    if (!field.startsWith(SESSION_FIELD)) continue
    const session = field.slice(SESSION_FIELD.length)
    if (!young.delete(session)) find(`session ${session} without an age`)
  }
  return { jobs, places, meta, keys, findings }
}

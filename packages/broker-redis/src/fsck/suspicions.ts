import type { Defect, DefectKind } from '@millrace/broker'
import { laneOfKey } from '@millrace/core'
import { LANE_FAMILIES, LANE_KEYS } from '../keyspace.js'
import type { LaneScan } from './lane-scan.js'

const WAITING = ['urgent', 'background', 'due', 'parked', 'failed', 'suspects', 'solo', 'ready'] as const
const FACTS = ['attrs', 'attempts', 'crashes', 'history', 'cancels', 'waiters'] as const
const FAMILIES = Object.values(LANE_FAMILIES)
const SUFFIXES = new Set<string>(Object.values(LANE_KEYS))

/** One share of the lane's ids, so that memory stays bounded: the ids whose hash modulo `shares` is `share`. */
export interface IdShare {
  readonly share: number
  readonly shares: number
  /** Every seat that has a key, leased or not; those that joined since are found by their lease. */
  readonly seats: ReadonlySet<string>
}

/**
 * What looks wrong with the lane apart from its jobs: seats, leases, sessions, keys. Nearly all is innocent: to be
 * confirmed. `onSeat` is told each seat.
 */
export async function* suspectKeys(scan: LaneScan, onSeat: (seat: string) => void): AsyncGenerator<Defect> {
  const byFamily: Readonly<Record<string, DefectKind>> = {
    [LANE_FAMILIES.seat]: 'seat-without-lease',
    [LANE_FAMILIES.unique]: 'unique-without-job',
    [LANE_FAMILIES.join]: 'join-without-job',
  }
  for await (const found of scan.of('keys')) {
    for (const suffix of found) {
      if (SUFFIXES.has(suffix)) continue
      const family = FAMILIES.find((start) => suffix.startsWith(start))
      if (family === LANE_FAMILIES.seat) onSeat(suffix.slice(family.length))
      if (family === undefined) yield { kind: 'unknown-key', subject: suffix, place: '' }
      else if (byFamily[family]) yield { kind: byFamily[family], subject: suffix.slice(family.length), place: '' }
    }
  }
  for (const lease of ['workers', 'dying'])
    for await (const seats of scan.of(lease))
      for (const seat of seats) yield { kind: 'lease-without-seat', subject: seat, place: lease }
  for await (const sessions of scan.of('sessions'))
    for (const session of sessions) yield { kind: 'session-without-age', subject: session, place: '' }
  for (const place of ['wake', 'alarm']) yield { kind: 'many-tokens', subject: place, place }
}

/**
 * What looks wrong with the jobs of one share. Messages are read first, then what runs, then what waits: a job that moves on
 * meanwhile is missed rather than seen twice. `onMessages` is told how many messages the share has.
 */
export async function* suspectJobs(
  scan: LaneScan,
  { share, shares, seats }: IdShare,
  onMessages: (count: number) => void,
): AsyncGenerator<Defect> {
  const mine = (id: string) => shares === 1 || laneOfKey(id, shares) === share
  /** id → where it was seen, '' so far. */
  const seen = new Map<string, string>()
  for await (const ids of scan.of('jobs')) for (const id of ids) if (mine(id)) seen.set(id, '')
  onMessages(seen.size)

  function* placed(ids: readonly string[], place: string): Generator<Defect> {
    for (const id of ids) {
      if (!mine(id)) continue
      const before = seen.get(id)
      if (before === undefined) yield { kind: 'entry-without-message', subject: id, place }
      else if (before === '') seen.set(id, place)
      else yield { kind: 'message-in-many-places', subject: id, place: `${before} ${place}` }
    }
  }
  const everySeat = new Set(seats)
  for (const lease of ['workers', 'dying'])
    for await (const leased of scan.of(lease)) for (const seat of leased) everySeat.add(seat)
  for (const seat of everySeat) for await (const ids of scan.of(LANE_FAMILIES.seat + seat)) yield* placed(ids, 'held')
  const tombs = new Set<string>()
  for await (const ids of scan.of('tombs')) for (const id of ids) if (mine(id)) tombs.add(id)
  for (const place of WAITING) {
    for await (const ids of scan.of(place)) {
      yield* placed(ids, place)
      if (place === 'ready') for (const id of ids) tombs.delete(id)
    }
  }
  for (const id of tombs) yield { kind: 'tomb-without-entry', subject: id, place: '' }
  for (const fact of FACTS)
    for await (const ids of scan.of(fact))
      for (const id of ids)
        if (mine(id) && !seen.has(id)) yield { kind: 'fact-without-message', subject: id, place: fact }
  for (const [id, place] of seen) if (place === '') yield { kind: 'message-without-place', subject: id, place: '' }
}

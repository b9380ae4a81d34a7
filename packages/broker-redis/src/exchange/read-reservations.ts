import type { Lane, Reservation } from '@millrace/broker'
import { RedisReservation } from './reservation.js'

const ALONE = 1
const COMPOSED = 2
const FEEDS = 4
const AT_MOST_ONCE = 8

export interface HandoutReply {
  readonly lane: Lane
  readonly token: string
  /** Blank-separated. */
  readonly ids: string
  /** One JSON array of all messages. */
  readonly messages: string
  readonly extras: string
}

/**
 * Turns one reply into reservations. All messages are parsed in one go; where that fails, or gives another number than there are
 * ids, some message is malformed and `readSingly` fetches them one by one, so that only the malformed ones are `undefined`: only then
 * is there a promise.
 */
export function readReservations(
  reply: HandoutReply,
  readSingly: (ids: readonly string[]) => Promise<readonly string[]>,
): readonly Reservation[] | Promise<readonly Reservation[]> {
  if (reply.token === '') return NONE
  const ids = reply.ids.split(' ')
  const wires = parseAll(reply.messages, ids.length)
  if (wires !== undefined) return reserve(reply, ids, wires)
  return readSingly(ids).then((texts) => reserve(reply, ids, texts.map(parseOne)))
}

const NONE: readonly never[] = Object.freeze([])

function reserve(reply: HandoutReply, ids: readonly string[], wires: readonly unknown[]): readonly Reservation[] {
  const handout = { lane: reply.lane, token: reply.token, size: ids.length, partly: false }
  const reservations = new Array<RedisReservation>(ids.length)
  for (let i = 0; i < ids.length; i++) reservations[i] = new RedisReservation(ids[i] as string, wires[i], handout)
  if (reply.extras !== '') applyExtras(reply.extras, reservations)
  return reservations
}

function parseAll(text: string, count: number): readonly unknown[] | undefined {
  try {
    const wires = JSON.parse(text) as unknown[]
    return wires.length === count && wires.every(Array.isArray) ? wires : undefined
  } catch {
    return undefined
  }
}

function parseOne(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function applyExtras(text: string, reservations: readonly RedisReservation[]): void {
  for (const [position, attempts, crashes, bits] of JSON.parse(text) as [number, number, number, number][]) {
    const reservation = reservations[position]
    if (reservation === undefined) continue
    reservation.attemptsUsed = attempts
    reservation.crashes = crashes
    reservation.alone = (bits & ALONE) !== 0
    reservation.composed = (bits & COMPOSED) !== 0
    reservation.feeds = (bits & FEEDS) !== 0
    reservation.atMostOnce = (bits & AT_MOST_ONCE) !== 0
  }
}

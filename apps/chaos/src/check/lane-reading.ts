import type { Redis } from 'ioredis'

/** What one lane of the store holds, read key by key with a client of our own: nothing of the product's reading is used. */
export interface LaneReading {
  readonly meta: Readonly<Record<string, string>>
  /** Ids with a message. */
  readonly jobs: ReadonlySet<string>
  /** Structure → the ids in it. A live job is in exactly one. */
  readonly places: Readonly<Record<Place, readonly string[]>>
  readonly held: readonly HeldExchange[]
  /** Seats, with or without jobs. */
  readonly seats: readonly string[]
  /** Seats whose lease is running, or being reclaimed. */
  readonly leases: readonly string[]
  /** Sparse hash → ids. */
  readonly sparse: Readonly<Record<Sparse, readonly string[]>>
  readonly tombs: ReadonlySet<string>
  readonly outbox: number
  readonly sessions: number
  readonly uniqueKeys: readonly string[]
}

export interface HeldExchange {
  readonly seat: string
  readonly token: string
  readonly ids: readonly string[]
}

const LISTS = ['ready', 'suspects', 'solo'] as const
const ZSETS = ['urgent', 'background', 'due', 'parked', 'failed'] as const
const HASHES = ['attrs', 'attempts', 'crashes', 'history', 'cancels', 'waiters'] as const
export type Place = (typeof LISTS)[number] | (typeof ZSETS)[number]
export type Sparse = (typeof HASHES)[number]

export async function readLane(redis: Redis, prefix: string): Promise<LaneReading> {
  const places: Partial<Record<Place, string[]>> = {}
  for (const list of LISTS) places[list] = await redis.lrange(prefix + list, 0, -1)
  for (const set of ZSETS) places[set] = await redis.zrange(prefix + set, '0', '-1')
  const sparse: Partial<Record<Sparse, string[]>> = {}
  for (const hash of HASHES) sparse[hash] = await redis.hkeys(prefix + hash)
  const seats = await keysUnder(redis, `${prefix}seat:`)
  const held: HeldExchange[] = []
  for (const seat of seats) {
    for (const [field, text] of Object.entries(await redis.hgetall(`${prefix}seat:${seat}`))) {
      const ids = text.split(' ').filter((id) => id !== '')
      if (/^t\d+$/.test(field)) held.push({ seat, token: field.slice(1), ids })
    }
  }
  const meta = await redis.hgetall(`${prefix}meta`)
  return {
    meta,
    jobs: new Set(await redis.hkeys(`${prefix}jobs`)),
    places: places as Record<Place, string[]>,
    sparse: sparse as Record<Sparse, string[]>,
    seats,
    leases: [
      ...(await redis.zrange(`${prefix}workers`, '0', '-1')),
      ...(await redis.zrange(`${prefix}dying`, '0', '-1')),
    ],
    held,
    tombs: new Set(await redis.smembers(`${prefix}tombs`)),
    outbox: await redis.xlen(`${prefix}outbox`),
    sessions: Object.keys(meta).filter((field) => field.startsWith('s:')).length,
    uniqueKeys: await keysUnder(redis, `${prefix}unique:`),
  }
}

/** Outcomes that are kept, as stored: a letter (S, F, C, X) and a body. */
export async function readOutcomes(redis: Redis, prefix: string, ids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let from = 0; from < ids.length; from += 1_000) {
    const some = ids.slice(from, from + 1_000)
    const texts = await redis.mget(some.map((id) => `${prefix}result:${id}`))
    some.forEach((id, i) => {
      const text = texts[i]
      if (typeof text === 'string') found.set(id, text)
    })
  }
  return found
}

async function keysUnder(redis: Redis, start: string): Promise<string[]> {
  const names = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${start}*`, 'COUNT', 1_000)
    for (const key of keys) names.add(key.slice(start.length))
    cursor = next
  } while (cursor !== '0')
  return [...names]
}

import type { Redis } from 'ioredis'
import { prefixOfApp, termKey, termsKey } from './store-keys.js'

/** What the store holds of the app as a whole, read key by key with a client of our own. */
export interface AppReading {
  /** Terms that the store knows, the newest first. */
  readonly terms: readonly TermReading[]
  /** Terms that were seen while the run went on. */
  readonly termsSeen: readonly TermReading[]
  readonly schedules: readonly ScheduleReading[]
  /** Every key of the store. */
  readonly keys: readonly string[]
}

export interface TermReading {
  readonly epoch: bigint
  readonly leader: string
}

/** A schedule at a fixed interval that makes up for everything missed. */
export interface Metronome {
  readonly name: string
  readonly everyMs: number
}

export interface ScheduleReading extends Metronome {
  /** Up to here every tick has been dealt with, ms since the epoch. */
  readonly watermark: number
}

export async function readTerms(redis: Redis, app: string): Promise<TermReading[]> {
  const term = await redis.hgetall(termKey(app))
  const past = await redis.lrange(termsKey(app), 0, -1)
  const newest = term.epoch === undefined ? [] : [{ epoch: BigInt(term.epoch), leader: term.leader ?? '' }]
  return [
    ...newest,
    ...past.map((text) => {
      const [epoch = '0', , , ...leader] = text.split(' ')
      return { epoch: BigInt(epoch), leader: leader.join(' ') }
    }),
  ]
}

/** A mark is text: revision, watermark, and more. */
export async function readSchedules(
  redis: Redis,
  app: string,
  metronomes: readonly Metronome[],
): Promise<ScheduleReading[]> {
  const marks = await redis.hgetall(`${prefixOfApp(app)}schedules:marks`)
  return metronomes.map((metronome) => ({
    ...metronome,
    watermark: Number(marks[metronome.name]?.split(' ')[1] ?? 0),
  }))
}

/** Whether every tick that was fired is on its lane. */
export async function ticksDelivered(redis: Redis, app: string): Promise<boolean> {
  return (await redis.zcard(`${prefixOfApp(app)}schedules:deliver`)) === 0
}

export async function readKeys(redis: Redis): Promise<string[]> {
  const names = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000)
    for (const key of keys) names.add(key)
    cursor = next
  } while (cursor !== '0')
  return [...names]
}

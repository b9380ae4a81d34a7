import type { Redis } from 'ioredis'
import { termKey } from '../check/store-keys.js'

/** The process that leads, as the store has it. */
export async function findLeader(redis: Redis, app: string): Promise<number | undefined> {
  const text = await redis.hget(termKey(app), 'leader')
  return text === null ? undefined : (JSON.parse(text) as { pid: number }).pid
}

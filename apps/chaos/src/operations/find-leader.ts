import type { Redis } from 'ioredis'

/** The process that leads, as the store has it. */
export async function findLeader(redis: Redis, app: string): Promise<number | undefined> {
  const text = await redis.hget(`millrace:{${app}}:term`, 'leader')
  return text === null ? undefined : (JSON.parse(text) as { pid: number }).pid
}

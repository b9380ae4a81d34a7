import type { RedisClient, RedisTarget } from './address.js'
import { makeClient } from './address.js'
import { checkFitness } from './check-fitness.js'

/** TCP, TLS and the first exchange of words together; ioredis' own timeout covers only the first. */
const CONNECT_MS = 4_000

export type FitnessCheck = 'fit' | 'none'

/** A connected client that fits; rejects, with nothing left open, when that takes longer than 4 s. */
export async function connect(target: RedisTarget, check: FitnessCheck = 'fit'): Promise<RedisClient> {
  const client = makeClient(target)
  let timer: NodeJS.Timeout | undefined
  try {
    await Promise.race([
      client.connect().then(() => (check === 'fit' ? checkFitness(client) : undefined)),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_MS} ms`)), CONNECT_MS)
      }),
    ])
    return client
  } catch (error) {
    client.disconnect(false)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

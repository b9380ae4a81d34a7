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
    readDirectly(client)
    return client
  } catch (error) {
    client.disconnect(false)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Node hands a chunk straight to a stream's listeners only where one was added with `on`; ioredis adds its parser with
 * `prependListener`, so that every reply would wait in the stream's buffer for the next tick. A listener that comes and goes tells the
 * stream that it is listened to.
 */
function readDirectly(client: RedisClient): void {
  const { stream } = client as { stream?: NodeJS.ReadableStream }
  const passing = () => {}
  stream?.on('data', passing).off('data', passing)
}

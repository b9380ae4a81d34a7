import { Redis, type RedisOptions } from 'ioredis'
import type { RedisAddress } from './redis-address.js'

/*
 * A lock's command is worth nothing once its deadline is over, so nothing is queued while disconnected, retried or sent
 * again after a reconnect.
 */
const SETTINGS = {
  lazyConnect: true,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // ioredis would subscribe again with a promise that nobody catches.
  autoResubscribe: false,
  connectTimeout: 2_000,
  // Sockets are destroyed by `dropClient`; ioredis' own timer for that would only hold up the process.
  disconnectTimeout: 1,
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times - 1, 5), 1_000) + Math.random() * 50,
} satisfies RedisOptions

/** An unconnected client whose errors crash nothing. */
export function openClient(address: RedisAddress, onError: (error: Error) => void): Redis {
  const client = typeof address === 'string' ? new Redis(address, SETTINGS) : new Redis({ ...address, ...SETTINGS })
  // Every call that waits for the connection listens.
  client.setMaxListeners(0)
  client.on('error', onError)
  return client
}

/** Ends the client and its socket at once, also when the server never answers, so that it keeps no process alive. */
export function dropClient(client: Redis): void {
  client.disconnect()
  // Absent until the first connect, whatever the declaration says.
  const stream = client.stream as Redis['stream'] | undefined
  stream?.destroy()
}

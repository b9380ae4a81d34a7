import { NotOffered } from '../measure/void-figure.js'
import type { PostgresCluster } from './postgres-cluster.js'
import { openRedisStore } from './redis-store.js'
import type { Store } from './store.js'

/** A database of its own on the run's PostgreSQL, and a Redis for signals. PostgreSQL is durable as it comes. */
export async function openPostgresStore(cluster: PostgresCluster): Promise<Store> {
  const signals = await openRedisStore({ aof: false })
  const database = await cluster.createDatabase()
  return {
    url: database.url,
    signalUrl: signals.url,
    pid: cluster.pid,
    usedMemory: () => Promise.reject(new NotOffered('its jobs are on disk')),
    async close() {
      await signals.close()
      await database.drop()
    },
  }
}

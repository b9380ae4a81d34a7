import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { VoidFigure } from '../measure/void-figure.js'
import type { Store, StoreOptions } from './store.js'

/** A private Redis of its own. Without `aof` it writes nothing to disk. */
export async function openRedisStore({ aof }: StoreOptions): Promise<Store> {
  const server = await startRedisServer({ appendonly: aof, ...(aof ? { args: ['--appendfsync', 'everysec'] } : {}) })
  const redis = new Redis(server.url)
  return {
    url: server.url,
    signalUrl: server.url,
    pid: server.pid,
    async usedMemory() {
      const used = /^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]
      if (used === undefined) throw new VoidFigure('the server does not tell its memory')
      return Number(used)
    },
    async close() {
      redis.disconnect()
      await server.close()
    },
  }
}

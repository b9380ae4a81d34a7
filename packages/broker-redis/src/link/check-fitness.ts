import { BrokerUnfitError } from '@millrace/core'
import { Command } from 'ioredis'
import type { RedisClient } from './address.js'

/**
 * Refuses a Redis that deletes keys when it is full: jobs, leases and locks would vanish without a word. Asked once per
 * connection; `MILLRACE_ALLOW_EVICTION=1` takes the risk. A server that hides INFO is taken on trust.
 */
export async function checkFitness(client: RedisClient): Promise<void> {
  if (process.env['MILLRACE_ALLOW_EVICTION'] === '1') return
  let info: string
  try {
    info = String(
      await (client.sendCommand(new Command('info', ['memory'], { replyEncoding: 'utf8' })) as Promise<unknown>),
    )
  } catch {
    return
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
  if (policy === 'noeviction') return
  throw new BrokerUnfitError({
    what: `its maxmemory-policy is ${policy}, so it may delete jobs when it is full`,
    fix: 'run CONFIG SET maxmemory-policy noeviction and set the same in redis.conf (MILLRACE_ALLOW_EVICTION=1 takes the risk)',
  })
}

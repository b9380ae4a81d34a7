import type { Broker, BrokerScope } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'

/** A URL, ioredis options, or a broker that is open already. */
export type BrokerOption = string | RedisOptions | Broker

/** Connection options as ioredis takes them, e.g. `{ host, port, password, db, tls }`. */
export type RedisOptions = { readonly [option: string]: unknown }

/** Each driver loads when it is first needed, so that a bundle of a producer splits it off. */
const DRIVERS: Readonly<Record<string, (address: string, scope: BrokerScope) => Promise<Broker>>> = {
  redis: openRedis,
  rediss: openRedis,
  'redis+sentinel': openRedis,
  'redis+cluster': openRedis,
  memory: openMemory,
}

/** The scheme of a broker's URL. Throws `InvalidOptionError` for one that no driver has. */
function checkScheme(url: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme !== undefined && Object.hasOwn(DRIVERS, scheme)) return scheme
  throw new InvalidOptionError({
    option: 'broker',
    found: scheme === undefined ? url : `${scheme}://…`,
    expected: `a URL that starts with ${Object.keys(DRIVERS)
      .map((known) => `${known}://`)
      .join(', ')}`,
  })
}

/** Throws `InvalidOptionError` for what is neither a known URL, an object of options, nor a broker. */
export function checkBrokerOption(option: unknown): BrokerOption | undefined {
  if (option === undefined) return undefined
  if (typeof option === 'string') {
    checkScheme(option)
    return option
  }
  if (typeof option === 'object' && option !== null && !Array.isArray(option)) return option as RedisOptions | Broker
  throw new InvalidOptionError({ option: 'broker', found: option, expected: 'a URL, ioredis options, or a broker' })
}

/** Opens a broker. The drivers connect by themselves, when first used. Rejects with `InvalidOptionError`. */
export async function openBroker(target: BrokerOption, scope: BrokerScope): Promise<Broker> {
  if (typeof target === 'object') return isBroker(target) ? target : openRedis(target, scope)
  const open = DRIVERS[checkScheme(target)] as (address: string, scope: BrokerScope) => Promise<Broker>
  return open(target, scope)
}

export function isBroker(option: RedisOptions | Broker): option is Broker {
  return typeof option.kind === 'string' && typeof (option as { producer?: unknown }).producer === 'object'
}

async function openRedis(address: string | RedisOptions, scope: BrokerScope): Promise<Broker> {
  const { openRedisBroker } = await import('@millrace/broker-redis')
  return openRedisBroker({ ...scope, url: address })
}

async function openMemory(_address: string, scope: BrokerScope): Promise<Broker> {
  const { openMemoryBroker } = await import('@millrace/broker-memory')
  return openMemoryBroker(scope)
}

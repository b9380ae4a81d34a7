import { InvalidOptionError } from '@millrace/core'
import type { RedisOptions } from 'ioredis'

/** One independent Redis server: a `redis://` or `rediss://` URL, or ioredis client options. */
export type RedisAddress = string | Omit<RedisOptions, 'replyMapping'>

/** Checks one server's address. Throws `InvalidOptionError`; never repeats a password. */
export function checkAddress(option: string, address: RedisAddress): RedisAddress {
  if (typeof address === 'object' && address !== null) return address
  const url = typeof address === 'string' ? URL.parse(address) : null
  if (url !== null && (url.protocol === 'redis:' || url.protocol === 'rediss:') && url.hostname !== '') return address
  const found = url === null ? typeof address : `an address with '${url.protocol}'`
  throw new InvalidOptionError({ option, found, expected: "'redis://host:port' or 'rediss://host:port'" })
}

/** `host:port`, for errors and to see that no server is named twice. Without credentials. */
export function addressName(address: RedisAddress): string {
  if (typeof address === 'string') {
    const url = new URL(address)
    return `${url.hostname}:${url.port === '' ? '6379' : url.port}`
  }
  if (address.path !== undefined && address.path !== null) return address.path
  const sentinels = address.sentinels ?? []
  if (sentinels.length > 0) {
    return `${sentinels.map(({ host, port }) => `${host}:${port ?? 26_379}`).join(',')}/${address.name ?? ''}`
  }
  return `${address.host ?? 'localhost'}:${address.port ?? 6_379}`
}

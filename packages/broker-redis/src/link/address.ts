import { InvalidOptionError } from '@millrace/core'
import type { RedisOptions } from 'ioredis'
import { Cluster, Redis } from 'ioredis'

/** Where a Redis is and how to speak to it. */
export type RedisTarget = string | RedisOptions

/**
 * What every connection of ours has in common: no hidden queue, no hidden resend, no hidden reconnect. ioredis' defaults would
 * let a command hang for over a minute on an unreachable server; `Link` decides these things, with deadlines.
 */
const BASE = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableReadyCheck: false,
  retryStrategy: () => null,
  connectTimeout: 5_000,
  // A server that is gone says no goodbye: a process that ends does not wait for it.
  disconnectTimeout: 200,
  keepAlive: 30_000,
} satisfies RedisOptions

export type RedisClient = Redis | Cluster

/** Makes a client that is not connected yet. Errors: `InvalidOptionError` for a URL it does not know. */
export function makeClient(target: RedisTarget): RedisClient {
  if (typeof target !== 'string') return quiet(open({ ...target, ...BASE }))
  const url = parse(target)
  switch (url.protocol) {
    case 'redis:':
    case 'rediss:':
      return quiet(open({ ...BASE }, target))
    case 'redis+sentinel:':
      return quiet(open({ ...BASE, ...credentials(url), ...sentinel(target, url) }))
    case 'redis+cluster:':
      return quiet(
        new Cluster(hosts(target), {
          lazyConnect: true,
          enableOfflineQueue: false,
          enableReadyCheck: true,
          clusterRetryStrategy: () => null,
          redisOptions: { ...credentials(url), connectTimeout: 5_000, keepAlive: 30_000, maxRetriesPerRequest: 0 },
        }),
      )
    default:
      throw badUrl(target)
  }
}

export function isCluster(target: RedisTarget): boolean {
  return typeof target === 'string' && target.startsWith('redis+cluster:')
}

/** The address without its password, for logs and errors. */
export function describeTarget(target: RedisTarget): string {
  if (typeof target === 'string') return target.replace(/\/\/[^@/]*@/, '//…@')
  return `redis://${target.host ?? '127.0.0.1'}:${target.port ?? 6379}`
}

/** ioredis' constructor types refuse what its own option types allow under exactOptionalPropertyTypes. */
function open(options: object, url?: string): Redis {
  type Construct = new (...args: unknown[]) => Redis
  const Client = Redis as unknown as Construct
  return url === undefined ? new Client(options) : new Client(url, options)
}

/** An 'error' event without a listener would end the process; the same error also fails the call that meets it. */
function quiet<C extends RedisClient>(client: C): C {
  client.on('error', () => {})
  return client
}

function parse(target: string): URL {
  try {
    // The URL class refuses several hosts in one authority: only the first is looked at here.
    return new URL(target.replace(/^([a-z+]+:\/\/(?:[^@/]*@)?[^,/]*),[^/]*/, '$1'))
  } catch {
    throw badUrl(target)
  }
}

function badUrl(target: string): InvalidOptionError {
  return new InvalidOptionError({
    option: 'broker',
    found: describeTarget(target),
    expected:
      'redis://host:6379, rediss://…, redis+sentinel://h1:26379,h2:26379/primary or redis+cluster://h1:6379,h2:6379',
  })
}

function hosts(target: string): { host: string; port: number }[] {
  const authority = /^[a-z+]+:\/\/(?:[^@/]*@)?([^/]*)/.exec(target)?.[1] ?? ''
  const fallback = target.startsWith('redis+sentinel:') ? 26379 : 6379
  return authority.split(',').map((text) => {
    const [host, port] = text.split(':')
    if (!host) throw badUrl(target)
    return { host, port: port === undefined ? fallback : Number(port) }
  })
}

function sentinel(target: string, url: URL): RedisOptions {
  const [name, db] = url.pathname.slice(1).split('/')
  if (!name) throw badUrl(target)
  return { sentinels: hosts(target), name, ...(db ? { db: Number(db) } : {}) }
}

function credentials(url: URL): { username?: string; password?: string } {
  return {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  }
}

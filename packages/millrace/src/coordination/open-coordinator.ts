import { type Coordinator, memoryCoordinator, parseCoordinator, redlockCoordinator } from '@millrace/coordination'
import { InvalidOptionError } from '@millrace/core'
import { type BrokerOption, isBroker, type RedisOptions } from '../broker/open-broker.js'

/** What an app's coordinator is made from. */
export interface CoordinatorScope {
  readonly name: string
  readonly prefix: string
  brokerTarget(): BrokerOption
}

/**
 * The coordinator of an app's dispatchers and locks: `MILLRACE_COORDINATOR`, else Redlock over the broker's own server, or memory
 * beside a memory broker. Throws `InvalidOptionError` where the broker's address cannot serve as a lock server.
 */
export function openCoordinator(app: CoordinatorScope): Coordinator {
  const prefix = `${app.prefix}:${app.name}`
  const named = process.env.MILLRACE_COORDINATOR?.trim()
  if (named) return parseCoordinator(named, { prefix })
  const target = app.brokerTarget()
  if (typeof target !== 'string') {
    if (!isBroker(target)) return redlockCoordinator({ servers: [target as object], prefix })
    if (!target.shared) return memoryCoordinator({ name: prefix })
    throw needsCoordinator(`a broker of kind ${target.kind}`)
  }
  const scheme = target.slice(0, target.indexOf(':'))
  switch (scheme) {
    case 'memory':
      return memoryCoordinator({ name: prefix })
    case 'redis':
    case 'rediss':
      return redlockCoordinator({ servers: [target], prefix })
    case 'redis+sentinel':
      return redlockCoordinator({ servers: [sentinelOptions(target)], prefix })
    default:
      throw needsCoordinator(`${scheme}://…`)
  }
}

function needsCoordinator(found: string): InvalidOptionError {
  return new InvalidOptionError({
    option: 'MILLRACE_COORDINATOR',
    found: `none, and the broker is ${found}`,
    expected:
      "'redlock:redis://host1,redis://host2,redis://host3' or 'etcd://host1:2379' (or dispatcher: false, where another process dispatches)",
  })
}

/** `redis+sentinel://user:password@h1:26379,h2:26379/primary/db` as ioredis options. */
function sentinelOptions(target: string): RedisOptions {
  const [, userInfo, authority = '', name, db] =
    /^redis\+sentinel:\/\/(?:([^@/]*)@)?([^/]*)\/([^/?]+)(?:\/(\d+))?/.exec(target) ?? []
  if (name === undefined) throw needsCoordinator('redis+sentinel:// without a primary')
  const [username, password] = (userInfo ?? '').split(':').map(decodeURIComponent)
  const sentinels = authority.split(',').map((text) => {
    const [host, port] = text.split(':')
    return { host, port: port === undefined ? 26_379 : Number(port) }
  })
  return {
    sentinels,
    name,
    ...(username && { username }),
    ...(password && { password }),
    ...(db && { db: Number(db) }),
  }
}

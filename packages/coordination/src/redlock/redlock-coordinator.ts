import { type Clock, checkOptions, InvalidOptionError, systemClock } from '@millrace/core'
import { StoreCoordinator } from '../campaign/store-coordinator.js'
import type { Coordinator } from '../coordinator.js'
import { addressName, checkAddress, type RedisAddress } from './redis-address.js'
import { RedlockStore } from './redlock-store.js'

export interface RedlockCoordinatorOptions {
  /**
   * One or more Redis servers that do not replicate each other: URLs (`redis://`, `rediss://`) or ioredis client options.
   * An odd number: a fourth server survives no more failures than a third. One is allowed and weaker: it is a lock of that
   * server alone, gone when the server is.
   */
  readonly servers: readonly RedisAddress[]
  /** Starts every key and channel; apps that share servers need different ones. Default `millrace`. */
  readonly prefix?: string
  /** Default: the system's. For tests. */
  readonly clock?: Clock
}

/**
 * Locks and elections by majority over independent Redis servers. Connects at the first use.
 * Throws `InvalidOptionError` for an even number of servers, one named twice, or a bad address.
 */
export function redlockCoordinator(options: RedlockCoordinatorOptions): Coordinator {
  checkOptions(options, 'redlockCoordinator', ['servers', 'prefix', 'clock'])
  if (!Array.isArray(options.servers)) {
    throw new InvalidOptionError({ option: 'servers', found: options.servers, expected: 'an array of Redis servers' })
  }
  const servers = options.servers.map((server, index) => checkAddress(`servers[${index}]`, server))
  if (servers.length % 2 === 0) {
    throw new InvalidOptionError({
      option: 'servers',
      found: `${servers.length} servers`,
      expected: 'an odd number of independent Redis servers (1, 3, 5)',
    })
  }
  const names = servers.map(addressName)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new InvalidOptionError({ option: 'servers', found: `${twice} twice`, expected: 'each server once' })
  }
  const prefix = options.prefix ?? 'millrace'
  if (typeof prefix !== 'string' || !/^[^\s\p{Cc}]{1,200}$/u.test(prefix)) {
    throw new InvalidOptionError({
      option: 'prefix',
      found: prefix,
      expected: '1 to 200 characters without whitespace',
    })
  }
  return new StoreCoordinator({
    kind: 'redlock',
    store: new RedlockStore(servers, prefix),
    clock: options.clock ?? systemClock,
  })
}

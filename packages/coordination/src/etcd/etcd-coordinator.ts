import { type Clock, checkOptions, InvalidOptionError, systemClock } from '@millrace/core'
import { StoreCoordinator } from '../campaign/store-coordinator.js'
import type { Coordinator } from '../coordinator.js'
import { parseEtcdUrl } from './etcd-address.js'
import { EtcdStore } from './etcd-store.js'

export interface EtcdCoordinatorOptions {
  /** `etcd://host1:2379,host2:2379,host3:2379`: members of one cluster; `etcds://` for TLS; `user:password@` where it has users. */
  readonly url: string
  /** Starts every key; apps that share a cluster need different ones. Default `millrace`. */
  readonly prefix?: string
  /** Default: the system's. For tests. */
  readonly clock?: Clock
}

/**
 * Locks and elections on an etcd cluster (3.4 or newer, with its JSON gateway, which is on by default). Connects at the first use.
 * Throws `InvalidOptionError` for a bad address or prefix.
 */
export function etcdCoordinator(options: EtcdCoordinatorOptions): Coordinator {
  checkOptions(options, 'etcdCoordinator', ['url', 'prefix', 'clock'])
  const prefix = options.prefix ?? 'millrace'
  if (typeof prefix !== 'string' || !/^[^\s\p{Cc}]{1,200}$/u.test(prefix)) {
    throw new InvalidOptionError({
      option: 'prefix',
      found: prefix,
      expected: '1 to 200 characters without whitespace',
    })
  }
  return new StoreCoordinator({
    kind: 'etcd',
    store: new EtcdStore(parseEtcdUrl(options.url), prefix),
    clock: options.clock ?? systemClock,
  })
}

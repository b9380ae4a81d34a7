import { InvalidOptionError } from '@millrace/core'
import type { Coordinator } from './coordinator.js'
import { etcdCoordinator } from './etcd/etcd-coordinator.js'
import { memoryCoordinator } from './memory/memory-coordinator.js'
import { redlockCoordinator } from './redlock/redlock-coordinator.js'

const FORMS = "'redlock:redis://host1,redis://host2,redis://host3', 'etcd://host1:2379,host2:2379' or 'memory:name'"

/**
 * The coordinator that a setting such as `MILLRACE_COORDINATOR` names: `redlock:` with one or more comma-separated Redis
 * URLs, `etcd://` (`etcds://`) with one or more members, or `memory:` with a name (this process only). Throws `InvalidOptionError` for anything else.
 *
 * `prefix` starts the keys of the driver's servers; default `millrace`.
 */
export function parseCoordinator(spec: string, options: { readonly prefix?: string } = {}): Coordinator {
  const colon = typeof spec === 'string' ? spec.indexOf(':') : -1
  const driver = colon < 0 ? spec : spec.slice(0, colon)
  const rest = colon < 0 ? '' : spec.slice(colon + 1)
  if (driver === 'redlock' && rest !== '') {
    return redlockCoordinator({ servers: rest.split(',').map((url) => url.trim()), ...options })
  }
  if (driver === 'etcd' || driver === 'etcds') return etcdCoordinator({ url: spec, ...options })
  if (driver === 'memory') return memoryCoordinator(rest === '' ? {} : { name: rest })
  // Only the driver's name is repeated: the rest may hold a password.
  throw new InvalidOptionError({ option: 'coordinator', found: String(driver), expected: FORMS })
}

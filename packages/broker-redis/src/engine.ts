import type { CallOptions, Lane } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import type { Keyspace } from './keyspace.js'
import { appPrefix, LAYOUT, lanePrefix } from './keyspace.js'
import type { RedisTarget } from './link/address.js'
import { Link } from './link/link.js'
import type { LinkCall } from './link/link-call.js'
import type { Script } from './scripts.generated.js'

/** What every verb of the native engine stands on: the keys, the command connection, and one way to call a script. */
export class Engine {
  readonly link: Link
  readonly #prefixes = new WeakMap<Lane, string>()

  constructor(
    readonly keyspace: Keyspace,
    readonly target: RedisTarget,
  ) {
    this.link = new Link(target)
  }

  /** Runs a lane's script; the layout version is always its first argument. */
  onLane(script: Script, lane: Lane, args: readonly string[], options: LaneCall = {}): Promise<unknown> {
    const call = isNamed(options) ? options : { ...options, what: () => `${script.name} on ${laneName(lane)}` }
    return this.link.run(script, [this.prefixOf(lane), LAYOUT, ...args], call)
  }

  /** Runs a script on the app's own keys. */
  onApp(script: Script, args: readonly string[], options: LaneCall = {}): Promise<unknown> {
    const call = isNamed(options) ? options : { ...options, what: () => `${script.name} on ${this.keyspace.app}` }
    return this.link.run(script, [appPrefix(this.keyspace), ...args], call)
  }

  prefixOf(lane: Lane): string {
    let prefix = this.#prefixes.get(lane)
    if (prefix === undefined) {
      prefix = lanePrefix(this.keyspace, lane)
      this.#prefixes.set(lane, prefix)
    }
    return prefix
  }
}

/** How one call of a script behaves; it is named after the script where nothing else is said. */
export type LaneCall = CallOptions & Partial<LinkCall>

function isNamed(options: LaneCall): options is LinkCall {
  return options.what !== undefined
}

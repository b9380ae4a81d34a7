import type { CallOptions, Lane } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import type { Keyspace } from './keyspace.js'
import { appPrefix, LAYOUT, lanePrefix } from './keyspace.js'
import type { RedisTarget } from './link/address.js'
import type { LinkCall } from './link/link.js'
import { Link } from './link/link.js'
import type { Script } from './scripts.generated.js'

/** What every verb of the native engine stands on: the keys, the command connection, and one way to call a script. */
export class Engine {
  readonly link: Link
  readonly #prefixes = new Map<string, string>()

  constructor(
    readonly keyspace: Keyspace,
    readonly target: RedisTarget,
  ) {
    this.link = new Link(target)
  }

  /** Runs a lane's script; the layout version is always its first argument. */
  onLane(script: Script, lane: Lane, args: readonly string[], options: LaneCall = {}): Promise<unknown> {
    return this.link.run(script, this.prefixOf(lane), [LAYOUT, ...args], this.#call(script, laneName(lane), options))
  }

  /** Runs a script on the app's own keys. */
  onApp(script: Script, args: readonly string[], options: LaneCall = {}): Promise<unknown> {
    return this.link.run(script, appPrefix(this.keyspace), args, this.#call(script, this.keyspace.app, options))
  }

  prefixOf(lane: Lane): string {
    const name = laneName(lane)
    let prefix = this.#prefixes.get(name)
    if (prefix === undefined) {
      prefix = lanePrefix(this.keyspace, lane)
      this.#prefixes.set(name, prefix)
    }
    return prefix
  }

  #call(script: Script, where: string, options: LaneCall): LinkCall {
    return {
      what: options.what ?? `${script.name} on ${where}`,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      ...(options.ids ? { ids: options.ids } : {}),
      publishes: options.publishes,
    }
  }
}

export interface LaneCall extends CallOptions {
  readonly what?: string
  readonly ids?: () => readonly string[]
  readonly publishes?: boolean
}

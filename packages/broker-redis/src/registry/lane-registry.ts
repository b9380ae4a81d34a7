import type { CallOptions, Lane } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'
import { registerLaneScript } from '../scripts.generated.js'

/** Which lanes the app has. A lane is registered before the first write to it, so that the dispatcher finds it. */
export class LaneRegistry {
  readonly #engine: Engine
  readonly #known = new Set<string>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async register(lane: Lane, options?: CallOptions): Promise<void> {
    const name = laneName(lane)
    if (this.#known.has(name)) return
    await this.#engine.onApp(registerLaneScript, [name], options)
    this.#known.add(name)
  }

  /** A store that lost a session has lost its registry too, perhaps: register again on the next write. */
  forget(lane: Lane): void {
    this.#known.delete(laneName(lane))
  }

  async list(options: CallOptions = {}): Promise<readonly Lane[]> {
    const names = await this.#engine.link.command('smembers', [appKey(this.#engine.keyspace, 'lanes')], {
      what: () => 'list of lanes',
      ...options,
    })
    return (names as string[]).map(parseLane).sort((a, b) => (laneName(a) < laneName(b) ? -1 : 1))
  }
}

export function parseLane(name: string): Lane {
  const slash = name.lastIndexOf('/')
  return { queue: name.slice(0, slash), index: Number(name.slice(slash + 1)) }
}

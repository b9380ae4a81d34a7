import type { CallOptions, Lane } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { scanLaneScript } from '../scripts.generated.js'

/** Entries a step: some 100 µs of Redis. */
const STEP = 500

/** Reads whole structures of a lane, a bounded step per call. */
export class LaneScan {
  readonly #engine: Engine
  readonly #lane: Lane
  readonly #options: CallOptions
  readonly #onProgress: (entries: number) => void
  #entries = 0

  constructor(at: {
    engine: Engine
    lane: Lane
    options: CallOptions
    onProgress?: ((n: number) => void) | undefined
  }) {
    this.#engine = at.engine
    this.#lane = at.lane
    this.#options = at.options
    this.#onProgress = at.onProgress ?? (() => {})
  }

  /**
   * The members of one structure, `keys` for the names of the lane's keys: what stays in it for the whole scan comes at
   * least once.
   */
  async *of(what: string): AsyncGenerator<readonly string[]> {
    for (let cursor = '0', first = true; first || cursor !== '0'; first = false) {
      const args = [what, cursor, String(STEP)]
      const reply = (await this.#engine.onLane(scanLaneScript, this.#lane, args, this.#options)) as string[]
      const [next = '0', ...members] = reply
      cursor = next
      this.#entries += members.length
      this.#onProgress(this.#entries)
      if (members.length > 0) yield members
    }
  }
}

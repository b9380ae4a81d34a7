import { type CallOptions, type Lane, laneName } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { ageOf } from '../inspect/age-of.js'
import { countsScript, rollUpScript } from '../scripts.generated.js'

const MINUTE = 60_000
/** Of roll-up.lua: at most 120 minutes in steps of 30. */
const MAX_STEPS = 5

/** Keeps the series of the lanes that this process dispatches: once a minute each. */
export class RollUps {
  readonly #engine: Engine
  /** Lane → the minute in which it was last rolled up. */
  readonly #done = new Map<string, number>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async keepUp(lane: Lane, options: CallOptions): Promise<void> {
    const minute = Math.floor(Date.now() / MINUTE)
    const name = laneName(lane)
    if (this.#done.get(name) === minute) return
    const counts = (await this.#engine.onLane(countsScript, lane, [], options)) as (number | string)[]
    const oldest = ageOf(String(counts.at(-1) ?? ''))
    const args = [oldest === undefined ? '' : String(Math.round(oldest))]
    for (let step = 0; step < MAX_STEPS; step++) {
      if ((await this.#engine.onLane(rollUpScript, lane, args, options)) !== 1) break
    }
    this.#done.set(name, minute)
  }
}

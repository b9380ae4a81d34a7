import { type DispatchPort, type Lane, laneName } from '@millrace/broker'
import { CALL } from './dispatch-scope.js'

/** Which lanes exist. Lanes are only ever added. */
export class LaneRoster {
  readonly #dispatch: DispatchPort
  readonly #lanes = new Map<string, Lane>()

  constructor(dispatch: DispatchPort) {
    this.#dispatch = dispatch
  }

  get lanes(): readonly Lane[] {
    return [...this.#lanes.values()]
  }

  /** Reads the register again; the lanes that are new. Rejects as the store does, and then keeps what was known. */
  async refresh(): Promise<readonly Lane[]> {
    const added: Lane[] = []
    for (const lane of await this.#dispatch.lanes(CALL)) {
      const name = laneName(lane)
      if (this.#lanes.has(name)) continue
      this.#lanes.set(name, lane)
      added.push(lane)
    }
    return added
  }
}

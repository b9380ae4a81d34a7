import { pickAt } from '../run/seeded-random.js'
import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** A worker's event loop stands still: no reason to lose a lease. */
export const blockLoop: Operation = {
  name: "block a worker's event loop",
  async strike({ fleet }, { lastsMs, choice }) {
    const candidates = fleet.ready
    if (candidates.length === 0) return
    fleet.command(pickAt(candidates, choice), { kind: 'block-loop', ms: lastsMs })
    await pause(lastsMs)
  },
}

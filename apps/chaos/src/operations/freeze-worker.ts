import { pickAt } from '../run/seeded-random.js'
import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** SIGSTOP of a worker, then SIGCONT: past its lease it comes back as a zombie. */
export const freezeWorker: Operation = {
  name: 'freeze and thaw a worker',
  async strike({ fleet }, { lastsMs, choice }) {
    const candidates = fleet.ready
    if (candidates.length === 0) return
    const victim = pickAt(candidates, choice)
    fleet.freeze(victim)
    await pause(lastsMs)
    fleet.thaw(victim)
  },
}

import { pickAt } from '../run/seeded-random.js'
import { until } from '../run/until.js'
import type { Operation } from './operation.js'

/** SIGTERM of a worker, as a deploy does; another is started in its place. */
export const terminateWorker: Operation = {
  name: 'terminate a worker',
  async strike({ fleet }, { choice }) {
    const candidates = fleet.ready
    if (candidates.length === 0) return
    const victim = pickAt(candidates, choice)
    fleet.start()
    fleet.terminate(victim)
    await until('the terminated worker has ended', () => victim.exit !== undefined, 40_000)
  },
}

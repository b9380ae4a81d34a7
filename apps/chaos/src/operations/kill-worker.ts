import { pickAt } from '../run/seeded-random.js'
import type { Operation } from './operation.js'

/** kill -9 of a worker; another is started in its place at once. */
export const killWorker: Operation = {
  name: 'kill a worker',
  async strike({ fleet }, { choice }) {
    const candidates = fleet.ready.length > 0 ? fleet.ready : fleet.workers
    const killed = fleet.kill(pickAt(candidates, choice))
    fleet.start()
    await killed
  },
}

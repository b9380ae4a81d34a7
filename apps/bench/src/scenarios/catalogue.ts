import type { Scenario } from '../scenario.js'
import { aofBulk, bulkEnqueue } from './bulk-enqueue.js'
import { chord10000 } from './chord.js'
import { aofDrain, drain1Worker, drain1WorkerResults, drain2Workers } from './drain.js'
import { dueAtOnce } from './due-at-once.js'
import { failOnce } from './fail-once.js'
import { hundredQueues } from './hundred-queues.js'
import { latencyHalfLoad } from './latency-half-load.js'
import { latencyIdle } from './latency-idle.js'
import { memoryDelayed, memoryWaiting } from './memory.js'
import { enqueue100InFlight, enqueueAwaited } from './single-enqueue.js'

/** In the order in which they run and are printed. */
export const SCENARIOS: readonly Scenario[] = [
  bulkEnqueue,
  enqueue100InFlight,
  enqueueAwaited,
  drain1Worker,
  drain2Workers,
  drain1WorkerResults,
  latencyIdle,
  latencyHalfLoad,
  memoryWaiting,
  memoryDelayed,
  dueAtOnce,
  failOnce,
  chord10000,
  hundredQueues,
  aofBulk,
  aofDrain,
]

/** Names that stand for several. */
const SETS: Readonly<Record<string, readonly Scenario[]>> = {
  all: SCENARIOS,
  quick: [bulkEnqueue, enqueue100InFlight, drain1Worker, latencyIdle],
}

/** The scenarios of a comma-separated list, in the catalogue's order. Throws `Error` for a name that nobody has. */
export function pickScenarios(list: string): readonly Scenario[] {
  const wanted = new Set(
    list.split(',').flatMap((name) => {
      const found = SETS[name] ?? SCENARIOS.filter((one) => one.name === name)
      if (found.length > 0) return found
      const known = [...Object.keys(SETS), ...SCENARIOS.map((one) => one.name)]
      throw new Error(`no scenario ${JSON.stringify(name)}: there are ${known.join(', ')}`)
    }),
  )
  return SCENARIOS.filter((one) => wanted.has(one))
}

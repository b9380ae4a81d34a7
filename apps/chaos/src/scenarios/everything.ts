import { blockLoop } from '../operations/block-loop.js'
import { cutLinks } from '../operations/cut-links.js'
import { delayLinks } from '../operations/delay-links.js'
import { freezeRedis } from '../operations/freeze-redis.js'
import { freezeWorker } from '../operations/freeze-worker.js'
import { halfOpenLinks } from '../operations/half-open-links.js'
import { killRedis } from '../operations/kill-redis.js'
import { killWorker } from '../operations/kill-worker.js'
import { oneWayLinks } from '../operations/one-way-links.js'
import { swallowLinks } from '../operations/swallow-links.js'
import { terminateWorker } from '../operations/terminate-worker.js'
import { twoLeaders } from '../operations/two-leaders.js'
import { stormScenario } from '../run/storm.js'

export const everything = stormScenario({
  name: 'everything',
  about: 'every fault that Redis survives with its data, in turn, over a mixed load',
  full: { jobs: 50_000, faults: 120, minutes: 0 },
  ci: undefined,
  workload: 'mixed',
  scene: { proxied: true, worker: { lease: '2s', grace: '2s' } },
  kinds: [
    { operation: killWorker, lastsMs: [0, 0] },
    { operation: freezeWorker, lastsMs: [500, 5_000] },
    { operation: terminateWorker, lastsMs: [0, 0] },
    { operation: blockLoop, lastsMs: [500, 5_000] },
    { operation: killRedis, lastsMs: [0, 1_500] },
    { operation: freezeRedis, lastsMs: [500, 5_000] },
    { operation: cutLinks, lastsMs: [0, 0] },
    { operation: delayLinks, lastsMs: [500, 2_000] },
    { operation: oneWayLinks, lastsMs: [500, 4_000] },
    { operation: halfOpenLinks, lastsMs: [0, 0] },
    { operation: swallowLinks, lastsMs: [500, 4_000] },
    { operation: twoLeaders, lastsMs: [500, 2_000] },
  ],
  everyMs: [100, 1_500],
  resumeMs: 15_000,
  workersMayEnd: true,
})

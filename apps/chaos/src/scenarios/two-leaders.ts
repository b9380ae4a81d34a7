import { killWorker } from '../operations/kill-worker.js'
import { twoLeaders } from '../operations/two-leaders.js'
import { stormScenario } from '../run/storm.js'

export const forcedLeaders = stormScenario({
  name: 'two-leaders',
  about: 'the lock server forgets the lock while leaders die: two lead at once, and every tick still makes one job',
  full: { jobs: 20_000, faults: 60, minutes: 0 },
  ci: { jobs: 400, faults: 3, minutes: 0 },
  workload: 'mixed',
  scene: { worker: { lease: '2s' } },
  kinds: [
    { operation: twoLeaders, lastsMs: [500, 3_000] },
    { operation: twoLeaders, lastsMs: [500, 3_000] },
    { operation: killWorker, lastsMs: [0, 0] },
  ],
  everyMs: [200, 1_000],
  resumeMs: 10_000,
  workersMayEnd: true,
  check({ findings, terms }) {
    findings.details.termsSeen = terms.seen.length
    findings.prove(terms.seen.length > 1, 'nobody but the first has led')
  },
})

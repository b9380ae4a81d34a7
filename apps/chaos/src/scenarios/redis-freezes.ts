import { freezeRedis } from '../operations/freeze-redis.js'
import { stormScenario } from '../run/storm.js'

export const redisFreezes = stormScenario({
  name: 'redis-freezes',
  about: 'SIGSTOP of Redis for longer than a lease, then SIGCONT: no lease ends by it, no crash is counted',
  full: { jobs: 10_000, faults: 20, minutes: 0 },
  ci: { jobs: 400, faults: 1, minutes: 0 },
  workload: 'mixed',
  scene: { worker: { lease: '2s' } },
  kinds: [{ operation: freezeRedis, lastsMs: [2_500, 6_000] }],
  everyMs: [500, 3_000],
  resumeMs: 5_000,
  crashless: true,
})

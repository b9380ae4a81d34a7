import { emptyRedis } from '../operations/empty-redis.js'
import { stormScenario } from '../run/storm.js'

export const redisEmpty = stormScenario({
  name: 'redis-empty',
  about:
    'Redis forgets everything (FLUSHALL, or a restart without its files): what comes after is done, nobody is stuck',
  full: { jobs: 10_000, faults: 10, minutes: 0 },
  ci: { jobs: 400, faults: 2, minutes: 0 },
  workload: 'mixed',
  scene: { worker: { lease: '2s' } },
  kinds: [{ operation: emptyRedis, lastsMs: [0, 0] }],
  everyMs: [500, 3_000],
  resumeMs: 10_000,
})

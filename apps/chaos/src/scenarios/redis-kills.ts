import { killRedis } from '../operations/kill-redis.js'
import { stormScenario } from '../run/storm.js'

export const redisKills = stormScenario({
  name: 'redis-kills',
  about:
    'kill -9 and restart of Redis (AOF everysec) under load: nothing is lost, workers go on within 5 s by themselves',
  full: { jobs: 100_000, faults: 20, minutes: 0 },
  ci: { jobs: 2_000, faults: 2, minutes: 0 },
  workload: 'mixed',
  kinds: [{ operation: killRedis, lastsMs: [0, 1_500] }],
  everyMs: [300, 1_000],
  resumeMs: 5_000,
  crashless: true,
})

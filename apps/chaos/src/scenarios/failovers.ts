import { failover } from '../operations/failover.js'
import { stormScenario } from '../run/storm.js'

export const failovers = stormScenario({
  name: 'failovers',
  about:
    'kill -9 of the primary, its replica takes over behind the same address: only the unreplicated tail may be gone',
  full: { jobs: 20_000, faults: 10, minutes: 0 },
  ci: { jobs: 400, faults: 1, minutes: 0 },
  workload: 'mixed',
  scene: { proxied: true, replica: true },
  kinds: [{ operation: failover, lastsMs: [0, 2_000] }],
  everyMs: [1_000, 3_000],
  resumeMs: 5_000,
})

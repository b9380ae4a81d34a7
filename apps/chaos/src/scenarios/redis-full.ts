import { BrokerFullError } from 'millrace'
import { fillRedis } from '../operations/fill-redis.js'
import { stormScenario } from '../run/storm.js'

export const redisFull = stormScenario({
  name: 'redis-full',
  about: 'Redis has no memory left: enqueue says so by name, what is there drains, and all goes on when there is room',
  full: { jobs: 10_000, faults: 10, minutes: 0 },
  ci: { jobs: 400, faults: 1, minutes: 0 },
  workload: 'mixed',
  kinds: [{ operation: fillRedis, lastsMs: [1_500, 4_000] }],
  everyMs: [500, 1_500],
  resumeMs: 5_000,
  crashless: true,
  check({ producer, findings }) {
    const { refused, lastRefusal } = producer.ledger
    findings.prove(refused > 0, 'a full Redis has refused nothing')
    findings.check(
      'I12',
      lastRefusal instanceof BrokerFullError,
      () => `a full Redis was told as ${String(lastRefusal)}`,
    )
  },
})

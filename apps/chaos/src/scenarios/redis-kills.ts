import { ChaosScene } from '../run/chaos-scene.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { cameTrue, pause } from '../run/until.js'
import { SteadyLoad } from '../workloads/steady-load.js'

const BAR_MS = 5_000

/** Redis dies by kill -9 under load and comes back with its append-only file, over and over. */
export const redisKills: Scenario = {
  name: 'redis-kills',
  about:
    'kill -9 and restart of Redis (AOF everysec) under load: nothing is lost, workers go on within 5 s by themselves',
  full: { jobs: 100_000, faults: 20, minutes: 0 },
  ci: { jobs: 2_000, faults: 2, minutes: 0 },
  async run(stage: Stage) {
    const { random } = stage
    const scene = await ChaosScene.open(stage)
    const { fleet, findings, redis } = scene
    await fleet.startReady(2)
    const batch = Math.max(50, Math.round(stage.jobs / stage.faults / 20))
    const load = new SteadyLoad({ feed: (count) => scene.enqueueNoops(count), batch, everyMs: 20 })
    for (let kill = 1; kill <= stage.faults; kill++) {
      await pause(random.between(300, 1_000))
      await redis.kill()
      await pause(random.between(0, 1_500))
      await redis.restart()
      const restartedAt = Date.now()
      const size = scene.ledgerBytes()
      await cameTrue(() => scene.ledgerBytes() > size, 30_000, 10)
      findings.recoveries.push(Date.now() - restartedAt)
      if (kill % 5 === 0) stage.say(`${kill} kills, ${load.fed} jobs fed`)
    }
    await load.stop()
    await scene.conclude({ drainMs: 60_000 })
    findings.details.fed = load.fed
    findings.details.unknown = scene.producer.ledger.unknown.size
    findings.details.refused = scene.producer.ledger.refused
    findings.details.workersEnded = fleet.all.length - fleet.workers.length
    const { max } = findings.recoveryMs()
    findings.expect(max <= BAR_MS, () => `workers needed ${max} ms to go on, more than ${BAR_MS}`)
    findings.expect(fleet.workers.length === 2, () => 'a worker process has ended')
    await fleet.stop()
    return findings
  },
}

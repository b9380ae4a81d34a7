import { recoveriesAfter } from '../check/read-effects.js'
import { ChaosScene } from '../run/chaos-scene.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'

const WORKERS = 2
const BATCH = 200
const LEASE = '2s'

/**
 * Workers die by kill -9 at random moments of a steady load, and each is replaced at once. A share of the jobs is fed
 * between any two kills, and each kill falls into the middle of one.
 */
export const workerKills: Scenario = {
  name: 'worker-kills',
  about: 'kill -9 of workers at random moments under load; each is replaced at once',
  full: { jobs: 100_000, faults: 20, minutes: 0 },
  ci: { jobs: 5_000, faults: 3, minutes: 0 },
  async run(stage: Stage) {
    const { random } = stage
    const scene = await ChaosScene.open(stage, { worker: { lease: LEASE, concurrency: 100 } })
    const { fleet } = scene
    await fleet.startReady(WORKERS)
    let fed = 0
    for (let kill = 1; kill <= stage.faults; kill++) {
      const target = Math.round((stage.jobs * kill) / stage.faults)
      const killAt = random.between(fed, target)
      await until('a worker is ready', () => fleet.ready.length > 0)
      let killed: Promise<void> | undefined
      while (fed < target) {
        const count = Math.min(BATCH, target - fed)
        await scene.enqueueNoops(count)
        fed += count
        if (killed === undefined && fed >= killAt) killed = killOne(scene, random.between(0, 10))
      }
      await killed
      if (kill % 5 === 0 || kill === stage.faults) stage.say(`${kill} kills, ${fed} jobs`)
    }
    const findings = await scene.conclude({ drainMs: 90_000 })
    findings.recoveries.push(...recoveriesAfter(scene.effects(), fleet.kills))
    findings.details.kills = fleet.kills.length
    findings.expect(Number(findings.details.crashed) > 0, () => 'no kill has hit a running job: the run proves nothing')
    await fleet.stop()
    return findings
  },
}

async function killOne(scene: ChaosScene, afterMs: number): Promise<void> {
  const { fleet, stage } = scene
  await pause(afterMs)
  const candidates = fleet.ready
  const victim = stage.random.pick(candidates.length > 0 ? candidates : fleet.workers)
  const killed = fleet.kill(victim)
  fleet.start()
  await killed
}

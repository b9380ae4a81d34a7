import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { findHolder } from '../cast/find-holder.js'
import { recoveriesAfter } from '../check/read-effects.js'
import { killWorker } from '../operations/kill-worker.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'

const WORKERS = 2
const BATCH = 200
const LEASE = '2s'
/** What the aimed kill hits: it lasts until then, however late that is. */
const AIMED_AT = { ms: 30_000, msAfterCrash: 0 }

/**
 * Workers die by kill -9 at random moments of a steady load, and each is replaced at once. A share of the jobs is fed
 * between any two kills, and each kill falls into the middle of one. Random moments may all fall between two jobs, so
 * the last kill is aimed at a worker that is seen to run one.
 */
export const workerKills: Scenario = {
  name: 'worker-kills',
  about: 'kill -9 of workers at random moments under load; each is replaced at once',
  full: { jobs: 100_000, faults: 200, minutes: 0 },
  ci: { jobs: 5_000, faults: 3, minutes: 0 },
  workload: 'no-op',
  async run(stage: Stage) {
    const { random } = stage
    const plan = Array.from({ length: stage.faults - 1 }, () => ({
      /** Where in its share of the jobs the kill falls. */
      place: random.next(),
      afterMs: random.between(0, 10),
      dose: { lastsMs: 0, choice: random.next() },
    }))
    const scene = await ChaosScene.open(stage, { worker: { lease: LEASE, concurrency: 100 } })
    const { fleet } = scene
    await fleet.startReady(WORKERS)
    let fed = 0
    for (const [done, { place, afterMs, dose }] of plan.entries()) {
      const target = Math.round((stage.jobs * (done + 1)) / stage.faults)
      const killAt = fed + place * (target - fed)
      await until('a worker is ready', () => fleet.ready.length > 0)
      let killed: Promise<void> | undefined
      while (fed < target) {
        const count = Math.min(BATCH, target - fed)
        await scene.feed(count)
        fed += count
        if (killed === undefined && fed >= killAt) killed = pause(afterMs).then(() => killWorker.strike(scene, dose))
      }
      await killed
      if ((done + 1) % 20 === 0) stage.say(`${done + 1} kills, ${fed} jobs`)
    }
    for (; fed < stage.jobs; fed += BATCH) await scene.feed(Math.min(BATCH, stage.jobs - fed))
    await killHolder(scene)
    stage.say(`${fleet.kills.length} kills, ${scene.producer.ledger.size} jobs`)
    const findings = await conclude(scene, { drainMs: 120_000 })
    findings.recoveries.push(...recoveriesAfter(scene.effects(), fleet.kills))
    findings.details.kills = fleet.kills.length
    findings.prove(Number(findings.details.crashed) > 0, 'no kill has hit a running job')
    await fleet.stop()
    return findings
  },
}

async function killHolder(scene: ChaosScene): Promise<void> {
  const { fleet, producer, tasks } = scene
  const ids = await scene.enqueueKnown(() => producer.enqueue({ task: tasks.slow, inputs: [AIMED_AT], kept: true }))
  await until('a worker runs it', () => findHolder(scene, ids) !== undefined)
  const holder = findHolder(scene, ids)
  if (holder === undefined) throw new Error('the worker that runs it is gone')
  fleet.start()
  await fleet.kill(holder)
}

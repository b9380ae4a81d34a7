import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { killRedis } from '../operations/kill-redis.js'
import { killWorker } from '../operations/kill-worker.js'
import { planFaults } from '../run/fault-plan.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { cameTrue, pause } from '../run/until.js'

const BATCH = 20

/** One worker at concurrency 1: first in, first out, also over its death. */
export const order: Scenario = {
  name: 'order',
  about:
    'one worker with concurrency 1, killed and replaced, Redis killed: jobs are handed out in the order of their enqueue',
  full: { jobs: 4_000, faults: 20, minutes: 0 },
  ci: { jobs: 300, faults: 2, minutes: 0 },
  async run(stage: Stage) {
    const plan = planFaults(stage.random, stage.faults, {
      kinds: [
        { operation: killWorker, lastsMs: [0, 0] },
        { operation: killRedis, lastsMs: [0, 500] },
      ],
      everyMs: [50, 400],
    })
    const scene = await ChaosScene.open(stage, {
      worker: { lease: '1s', concurrency: 1, dispatcher: false },
      oneByOne: true,
    })
    const { fleet, findings, producer, tasks } = scene
    await scene.startDispatcher()
    await fleet.startReady(1)
    const perFault = Math.ceil(stage.jobs / stage.faults)
    for (const { operation, afterMs, ...dose } of plan) {
      for (let fed = 0; fed < perFault; fed += BATCH) {
        const inputs = Array.from({ length: BATCH }, () => ({ ms: 0, key: `fifo/${producer.nextNumber()}` }))
        await producer.enqueue({ task: tasks.slow, inputs, kept: true })
      }
      await pause(afterMs)
      await operation.strike(scene, dose)
      const size = scene.ledgerBytes()
      await cameTrue(async () => scene.ledgerBytes() > size || (await scene.isDrained()), 30_000, 10)
    }
    await conclude(scene, { drainMs: 120_000 })
    await fleet.stop()
    return findings
  },
}

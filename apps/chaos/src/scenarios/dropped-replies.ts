import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { DROPPED, type Dropped, ReplyDropper } from '../operations/drop-replies.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { until } from '../run/until.js'
import { SteadyLoad, type SteadyLoadOptions } from '../workloads/steady-load.js'

const TELL_EVERY = 250

/**
 * The request arrives, its reply does not: enqueue, reserve, settle, heartbeat. Each call is repeated by the product and must have been
 * done once.
 */
export const droppedReplies: Scenario = {
  name: 'dropped-replies',
  about:
    'replies of enqueue, reserve, settle and heartbeat are lost after the request was carried out, so many of each',
  full: { jobs: 50_000, faults: 1_000, minutes: 0 },
  ci: { jobs: 500, faults: 15, minutes: 0 },
  workload: 'no-op',
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage, {
      proxied: true,
      worker: { lease: '2s', heartbeat: '100ms', dispatcher: false },
    })
    const { fleet, findings, producer, proxies } = scene
    const dropper = new ReplyDropper(proxies, stage.random)
    await scene.startDispatcher()
    await fleet.startReady(2)
    for (const name of DROPPED) {
      dropper.aim(name)
      const before = dropper.lost[name]
      const load = new SteadyLoad(name === 'heartbeat' ? holding(scene) : busy(scene, name))
      let told = 0
      const enough = () => {
        const lost = dropper.lost[name] - before
        if (lost >= told + TELL_EVERY) {
          told = lost
          stage.say(`${name}: ${lost} replies lost, ${load.fed} jobs fed`)
        }
        return lost >= stage.faults
      }
      await until(`${stage.faults} replies of ${name} were lost`, enough, 60_000 + stage.faults * 400)
      dropper.aim(undefined)
      await load.stop()
    }
    await conclude(scene)
    findings.details.lostReplies = dropper.lost
    findings.details.unknown = producer.ledger.unknown.size
    findings.details.refused = producer.ledger.refused
    // Handed out by a lost reply: must not stay with a living worker until somebody takes it away.
    const crashed = Number(findings.details.crashed)
    findings.check('I6', crashed === 0, () => `${crashed} jobs were taken from workers that lived`)
    await fleet.stop()
    return findings
  },
}

function busy(scene: ChaosScene, name: Dropped): SteadyLoadOptions {
  const { jobs, faults } = scene.stage
  return {
    feed: (count) => scene.feed(count),
    batch: Math.max(2, Math.round(jobs / faults / 3)),
    everyMs: name === 'enqueue' ? 0 : 5,
  }
}

/** Long jobs, seldom: heartbeats are sent only for leases that no exchange has just extended. */
function holding({ producer, tasks }: ChaosScene): SteadyLoadOptions {
  return {
    feed: () => producer.enqueue({ task: tasks.slow, inputs: [{ ms: 2_500 }, { ms: 3_000 }], kept: true }),
    batch: 2,
    everyMs: 1_500,
  }
}

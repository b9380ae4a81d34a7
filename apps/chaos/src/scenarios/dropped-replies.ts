import { prefixOfLane } from '../check/store-keys.js'
import { ScriptVerbs, type Verb } from '../proxy/script-verbs.js'
import type { TcpProxy } from '../proxy/tcp-proxy.js'
import { APP, ChaosScene } from '../run/chaos-scene.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { until } from '../run/until.js'
import { QUEUE } from '../workloads/chaos-tasks.js'
import { SteadyLoad, type SteadyLoadOptions } from '../workloads/steady-load.js'

const SHARE = 0.25

/**
 * The request arrives, its reply does not: enqueue, exchange (reserve and settle in one), heartbeat. Each call is repeated
 * by the product and must have been done once.
 */
export const droppedReplies: Scenario = {
  name: 'dropped-replies',
  about: 'replies of enqueue, exchange and heartbeat are lost after the request was carried out, so many of each',
  full: { jobs: 50_000, faults: 1_000, minutes: 0 },
  ci: { jobs: 500, faults: 20, minutes: 0 },
  async run(stage: Stage) {
    const { random } = stage
    const scene = await ChaosScene.open(stage, {
      proxied: true,
      worker: { lease: '2s', heartbeat: '100ms', dispatcher: false },
    })
    const { fleet, findings, producer, proxies } = scene
    const { dropped, aim } = droppingOneOf(proxies, () => random.next() < SHARE)
    await scene.startDispatcher()
    await fleet.startReady(2)
    for (const verb of ['enqueue', 'exchange', 'heartbeat'] as const) {
      aim(verb)
      const load = new SteadyLoad(verb === 'heartbeat' ? holding(scene) : busy(scene, verb))
      await until(
        `${stage.faults} replies of ${verb} were lost`,
        () => dropped[verb] >= stage.faults,
        60_000 + stage.faults * 300,
      )
      aim(undefined)
      await load.stop()
      stage.say(`${verb}: ${dropped[verb]} replies lost, ${load.fed} jobs fed`)
    }
    await scene.conclude()
    findings.details.dropped = dropped
    findings.details.unknown = producer.ledger.unknown.size
    findings.details.refused = producer.ledger.refused
    await checkStranded(scene)
    await fleet.stop()
    return findings
  },
}

function busy(scene: ChaosScene, verb: Verb): SteadyLoadOptions {
  const { jobs, faults } = scene.stage
  return {
    feed: (count) => scene.enqueueNoops(count),
    batch: Math.max(2, Math.round(jobs / faults / 3)),
    everyMs: verb === 'enqueue' ? 0 : 5,
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

/** Aims at one verb at a time, on every link. */
function droppingOneOf(proxies: readonly TcpProxy[], now: () => boolean) {
  const dropped: Record<Verb, number> = { enqueue: 0, exchange: 0, heartbeat: 0 }
  const verbs = new ScriptVerbs()
  let aimed: Verb | undefined
  for (const proxy of proxies) {
    proxy.loseReplies((request) => {
      const verb = verbs.of(request)
      if (verb === undefined || verb !== aimed || !now()) return false
      dropped[verb]++
      return true
    })
  }
  return {
    dropped,
    aim: (verb: Verb | undefined) => {
      aimed = verb
    },
  }
}

/** Jobs that were handed out by a lost reply and never arrived must not stay with a living worker. */
async function checkStranded({ redis, findings }: ChaosScene): Promise<void> {
  const client = await redis.client()
  const prefix = prefixOfLane(APP, QUEUE)
  const crashed = Number((await client.hget(`${prefix}meta`, 'crashed')) ?? 0)
  client.disconnect()
  findings.expect(crashed === 0, () => `${crashed} jobs were taken from workers that lived`)
}

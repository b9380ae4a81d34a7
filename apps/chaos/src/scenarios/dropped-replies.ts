import type { JobHandle } from 'millrace'
import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { DROPPED, type Dropped, ReplyDropper } from '../operations/drop-replies.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { until } from '../run/until.js'
import { SteadyLoad, type SteadyLoadOptions } from '../workloads/steady-load.js'

const TELL_EVERY = 250
/** A message that is missed is read again after 5 s. */
const TOLD_WITHIN_MS = 30_000

/**
 * The request arrives, its reply does not: enqueue, reserve, a job's end told ahead of its exchange, settle, heartbeat. Each call is repeated
 * by the product and must have been done once.
 */
export const droppedReplies: Scenario = {
  name: 'dropped-replies',
  about:
    'replies of enqueue, reserve, end-ahead, settle and heartbeat are lost after the request was carried out, so many of each',
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
    /** What waiters were told: the token of the execution, which is its output. */
    const outputs = new Map<string, string>()
    await scene.startDispatcher()
    await fleet.startReady(2)
    for (const name of DROPPED) {
      dropper.aim(name)
      const before = dropper.lost[name]
      const load = new SteadyLoad(loadFor(scene, name, outputs))
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
    const { executions } = scene.effects()
    const wrong = [...outputs].filter(([id, token]) => executions.get(id)?.at(-1)?.token !== token)
    findings.check(
      'I3',
      wrong.length === 0,
      () => `${wrong.length} waiters were told of another execution than the last`,
    )
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

function loadFor(scene: ChaosScene, name: Dropped, outputs: Map<string, string>): SteadyLoadOptions {
  switch (name) {
    case 'heartbeat':
      return holding(scene)
    case 'end-ahead':
      return awaiting(scene, outputs)
    default:
      return busy(scene, name)
  }
}

/**
 * One job at a time, and its end is waited for: it is handed to a worker that waits at the door, and ended ahead of its exchange.
 */
function awaiting({ producer, tasks }: ChaosScene, outputs: Map<string, string>): SteadyLoadOptions {
  return {
    async feed() {
      let job: JobHandle<string> | undefined
      await producer.call({
        what: { fate: 'succeeds', kept: true },
        jobs: 1,
        make: async () => {
          job = await tasks.kept.enqueue(producer.nextNumber())
          return [job]
        },
      })
      if (job !== undefined) outputs.set(job.id, await job.result({ timeout: TOLD_WITHIN_MS }))
    },
    batch: 1,
    everyMs: 0,
  }
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

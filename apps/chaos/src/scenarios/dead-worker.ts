import { APP, ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { findLeader } from '../cast/find-leader.js'
import type { Effect } from '../check/read-effects.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'

/** It lasts until its worker is killed, however late that is. */
const UNTIL_KILLED = { ms: 20_000, msAfterCrash: 0 }
const LATEST_MS = 500

/** How long a job waits that was running where a worker died, with a dispatcher elsewhere. */
export const deadWorkerShortLease: Scenario = {
  name: 'dead-worker-2s',
  about: "a worker dies while its job runs, lease '2s', the dispatcher lives: the job runs again within 3 s",
  full: { jobs: 20, faults: 20, minutes: 0 },
  ci: { jobs: 3, faults: 3, minutes: 0 },
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage, { worker: { lease: '2s', dispatcher: false } })
    const plan = Array.from({ length: stage.faults }, () => stage.random.between(0, LATEST_MS))
    await scene.startDispatcher()
    await scene.fleet.startReady(2)
    for (const afterMs of plan) {
      const running = await oneRuns(scene)
      await pause(afterMs)
      await killAndRecover(scene, running)
    }
    const findings = await conclude(scene)
    const { max } = findings.recoveryMs()
    const bar = 3_000 + stage.busyMs
    findings.check('I12', max <= bar, () => `a job waited ${max} ms for its second run, more than ${bar}`)
    return findings
  },
}

/** The same at default settings, the leading process included. */
export const deadWorker: Scenario = {
  name: 'dead-worker',
  about: 'a worker dies while its job runs, defaults, every other time the leading one: the job runs again within 15 s',
  full: { jobs: 4, faults: 4, minutes: 0 },
  ci: undefined,
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage)
    const { fleet, findings } = scene
    await fleet.startReady(2)
    const client = await scene.redis.client()
    stage.defer(() => client.disconnect())
    const waits: Record<string, number[]> = { leading: [], other: [] }
    for (let round = 1; round <= stage.faults; round++) {
      const wanted = round % 2 === 1 ? 'leading' : 'other'
      let running: Effect | undefined
      await until(
        `a job runs on the ${wanted} worker`,
        async () => {
          const candidate = await oneRuns(scene)
          const leader = await findLeader(client, APP)
          const leads = fleet.ready.some(({ pid }) => pid === leader)
          if (leads && (candidate.pid === leader) === (wanted === 'leading')) running = candidate
          return running !== undefined
        },
        60_000,
      )
      await killAndRecover(scene, running as Effect)
      waits[wanted]?.push(findings.recoveries.at(-1) ?? 0)
      stage.say(`the ${wanted} worker died: the job ran again after ${findings.recoveries.at(-1)} ms`)
    }
    await conclude(scene)
    findings.details.waits = waits
    const { max } = findings.recoveryMs()
    findings.check('I12', max <= 15_000, () => `a job waited ${max} ms for its second run, more than 15,000`)
    return findings
  },
}

/** Enqueues one job and waits until it has begun somewhere. */
async function oneRuns(scene: ChaosScene): Promise<Effect> {
  const { tasks, producer } = scene
  await producer.enqueue({ task: tasks.slow, inputs: [UNTIL_KILLED], kept: true })
  const id = [...producer.ledger.acknowledged.keys()].at(-1) as string
  await until('the job runs', () => scene.effects().executions.has(id))
  return scene.effects().executions.get(id)?.[0] as Effect
}

async function killAndRecover(scene: ChaosScene, { jobId, pid }: Effect): Promise<void> {
  const { fleet, findings } = scene
  const victim = fleet.workers.find((worker) => worker.pid === pid)
  if (victim === undefined) throw new Error('the victim is dead already')
  const again = () => scene.effects().executions.get(jobId)?.[1]
  const killedAt = Date.now()
  await fleet.kill(victim)
  const replacement = fleet.start()
  await until('the job runs again', () => again() !== undefined, 60_000)
  findings.recoveries.push((again()?.at ?? 0) - killedAt)
  await until('the replacement is ready', () => replacement.ready)
}

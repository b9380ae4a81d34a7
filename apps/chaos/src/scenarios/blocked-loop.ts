import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { until } from '../run/until.js'

const LEASE_MS = 2_000
const BLOCK_MS = 5 * LEASE_MS
const MAX_BLOCK_MS = 3_000
/** Past `maxBlock`, and still blocking when its job runs elsewhere. */
const STUCK_MS = 8_000

/** A handler that never lets go of its thread: no reason to lose a lease, until `maxBlock`. */
export const blockedLoop: Scenario = {
  name: 'blocked-loop',
  about: 'an event loop blocked for five leases loses nothing; one blocked past maxBlock is recovered',
  full: { jobs: 6, faults: 6, minutes: 0 },
  ci: { jobs: 1, faults: 1, minutes: 0 },
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage, { worker: { lease: LEASE_MS, dispatcher: false, concurrency: 2 } })
    const { fleet, findings, tasks, producer } = scene
    const client = await scene.redis.client()
    stage.defer(() => client.disconnect())
    await scene.startDispatcher()
    await fleet.startReady(2)
    for (let done = 0; done < stage.faults; done += 2) {
      const inputs = Array.from({ length: Math.min(2, stage.faults - done) }, () => BLOCK_MS)
      await producer.enqueue({ task: tasks.blocking, inputs, kept: true })
      // Two on one worker run one after the other.
      await until('the blocking jobs are over', () => scene.isDrained(), 2 * BLOCK_MS + 15_000)
    }
    const crashed = Number((await client.hget(`${scene.prefix}meta`, 'crashed')) ?? 0)
    findings.details.falseRecoveries = crashed
    findings.check('I7', crashed === 0, () => `${crashed} jobs were taken from workers that were only busy`)
    const leases = fleet.workers.reduce((sum, worker) => sum + worker.leasesLost, 0)
    findings.check('I12', leases === 0, () => `${leases} leases were lost by workers that were only busy`)

    await fleet.stop()
    await scene.startDispatcher()
    const stuck = fleet.start({ worker: { lease: LEASE_MS, dispatcher: false, maxBlock: MAX_BLOCK_MS } })
    await until('the worker is ready', () => stuck.ready)
    const [id] = await scene.enqueueKnown(() =>
      producer.enqueue({ task: tasks.blocking, inputs: [STUCK_MS], kept: true }),
    )
    const first = () => scene.effects().executions.get(id as string)
    await until('it blocks', () => first() !== undefined)
    const blockedAt = Date.now()
    const other = fleet.start()
    await until('the other is ready', () => other.ready)
    const bar = MAX_BLOCK_MS + LEASE_MS + 3_000 + stage.busyMs
    await until('it runs elsewhere', () => first()?.length === 2, bar + 10_000)
    const waited = Date.now() - blockedAt
    findings.recoveries.push(waited)
    findings.check(
      'I12',
      waited <= bar,
      () => `a worker blocked past maxBlock held its job for ${waited} ms, more than ${bar}`,
    )
    await conclude(scene)
    await fleet.stop()
    return findings
  },
}

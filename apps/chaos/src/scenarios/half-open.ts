import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { halfOpenLinks } from '../operations/half-open-links.js'
import { planFaults } from '../run/fault-plan.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'

/** The block time, 5 s, and one second. */
const BAR_MS = 6_000

/** Connections that are dead without anybody being told. */
export const halfOpen: Scenario = {
  name: 'half-open',
  about: "a worker's sockets go silent without an end: idle workers take the next job within block timeout + 1 s",
  full: { jobs: 20, faults: 10, minutes: 0 },
  ci: { jobs: 2, faults: 1, minutes: 0 },
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage, { proxied: true, producerDirect: true })
    const { fleet, findings, producer, tasks } = scene
    await fleet.startReady(2)
    const plan = planFaults(stage.random, stage.faults, {
      kinds: [{ operation: halfOpenLinks, lastsMs: [0, 0] }],
      everyMs: [200, 2_000],
    })
    for (const { operation, afterMs, ...dose } of plan) {
      await pause(afterMs)
      await operation.strike(scene, dose)
      const silentAt = Date.now()
      const ids = await scene.enqueueKnown(() => producer.enqueue({ task: tasks.kept, inputs: [1, 2], kept: true }))
      await until('the jobs run', () => ids.every((id) => scene.effects().executions.has(id)), 60_000)
      const last = Math.max(...ids.map((id) => scene.effects().executions.get(id)?.[0]?.at ?? 0))
      findings.recoveries.push(last - silentAt)
    }
    await conclude(scene)
    const { max } = findings.recoveryMs()
    findings.check('I12', max <= BAR_MS, () => `a job waited ${max} ms behind a half-open socket, more than ${BAR_MS}`)
    await fleet.stop()
    return findings
  },
}

import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { halfOpenBlocking } from '../operations/half-open-blocking.js'
import { halfOpenLinks } from '../operations/half-open-links.js'
import { planFaults } from '../run/fault-plan.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'

/** The block time, 5 s, and one second. */
const BLOCKING_BAR_MS = 6_000
/** A command link is dead when a call has had no reply for 4 s; an idle worker makes one every 3 s. */
const ALL_BAR_MS = 3_000 + 4_000 + 500

/** Connections that are dead without anybody being told. */
export const halfOpen: Scenario = {
  name: 'half-open',
  about: 'sockets of idle workers go silent without an end, the blocking ones or all: work goes on by itself',
  full: { jobs: 20, faults: 20, minutes: 0 },
  ci: { jobs: 4, faults: 2, minutes: 0 },
  async run(stage: Stage) {
    const plan = planFaults(stage.random, stage.faults, {
      kinds: [
        { operation: halfOpenBlocking, lastsMs: [0, 0] },
        { operation: halfOpenLinks, lastsMs: [0, 0] },
      ],
      everyMs: [200, 2_000],
    })
    const scene = await ChaosScene.open(stage, { proxied: true, producerDirect: true })
    const { fleet, findings, producer, tasks } = scene
    await fleet.startReady(2)
    const waits: Record<string, number[]> = {}
    for (const { operation, afterMs, ...dose } of plan) {
      await pause(afterMs)
      await operation.strike(scene, dose)
      const silentAt = Date.now()
      const ids = await scene.enqueueKnown(() => producer.enqueue({ task: tasks.kept, inputs: [1, 2], kept: true }))
      await until('the jobs run', () => ids.every((id) => scene.effects().executions.has(id)), 60_000)
      const waited = Math.max(...ids.map((id) => scene.effects().executions.get(id)?.[0]?.at ?? 0)) - silentAt
      findings.recoveries.push(waited)
      waits[operation.name] = [...(waits[operation.name] ?? []), waited]
      const bar = (operation === halfOpenBlocking ? BLOCKING_BAR_MS : ALL_BAR_MS) + stage.busyMs
      findings.check('I12', waited <= bar, () => `${operation.name}: a job waited ${waited} ms, more than ${bar}`)
    }
    await conclude(scene)
    findings.details.waits = waits
    await fleet.stop()
    return findings
  },
}

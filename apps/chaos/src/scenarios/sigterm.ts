import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { terminateWorker } from '../operations/terminate-worker.js'
import { planFaults } from '../run/fault-plan.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'
import { SteadyLoad } from '../workloads/steady-load.js'

const GRACE_MS = 2_000
/** Above the grace: handlers abort, seats are left, the process ends. */
const MARGIN_MS = 3_000
const LONG_MS = 6_000

/** Deploys: workers are asked to end under load and replaced. Nothing of that may cost a job an attempt. */
export const sigterm: Scenario = {
  name: 'sigterm',
  about: 'SIGTERM under load, round after round: exit within grace, no attempt lost or burned',
  full: { jobs: 20_000, faults: 20, minutes: 0 },
  ci: { jobs: 1_000, faults: 2, minutes: 0 },
  async run(stage: Stage) {
    const plan = planFaults(stage.random, stage.faults, {
      kinds: [{ operation: terminateWorker, lastsMs: [0, 0] }],
      everyMs: [200, 800],
    })
    const lengths = stage.random.fork('lengths')
    const scene = await ChaosScene.open(stage, { worker: { grace: GRACE_MS } })
    const { fleet, findings, tasks, producer } = scene
    await fleet.startReady(2)
    const perRound = Math.ceil(stage.jobs / stage.faults)
    const load = new SteadyLoad({
      batch: Math.max(10, Math.round(perRound / 20)),
      everyMs: 30,
      async feed(count) {
        await scene.enqueueNoops(count)
        // Most end within the grace, some are put back.
        const inputs = [{ ms: 100 }, { ms: Math.round(lengths.between(300, 1_500)) }]
        if (lengths.next() < 0.1) inputs.push({ ms: LONG_MS })
        await producer.enqueue({ task: tasks.slow, inputs, kept: true })
      },
    })
    for (const [done, { operation, afterMs, ...dose }] of plan.entries()) {
      await pause(afterMs)
      const startedAt = Date.now()
      await operation.strike(scene, dose)
      const took = Date.now() - startedAt
      findings.recoveries.push(took)
      const bar = GRACE_MS + MARGIN_MS + stage.busyMs
      findings.check('I12', took <= bar, () => `round ${done + 1}: the worker took ${took} ms to end`)
      await until('two workers are ready', () => fleet.ready.length >= 2)
      if ((done + 1) % 5 === 0) stage.say(`${done + 1} rounds, ${load.fed} jobs`)
    }
    await load.stop()
    const ends = fleet.all.flatMap(({ exit }) => (exit === undefined ? [] : [exit.code ?? exit.signal]))
    findings.check(
      'I12',
      ends.every((end) => end === 0),
      () => `workers ended with ${ends.join(', ')}`,
    )
    findings.prove(ends.length === stage.faults, `${ends.length} workers have ended, of ${stage.faults}`)
    await conclude(scene)
    const burned = [...scene.effects().executions.values()]
      .flat()
      .filter(({ attempt, crashes }) => attempt > 1 || crashes > 0)
    findings.check('I7', burned.length === 0, () => `${burned.length} executions were charged for a deploy`)
    const { crashed } = findings.details
    findings.check('I7', crashed === 0, () => `${Number(crashed)} crashes were counted`)
    await fleet.stop()
    return findings
  },
}

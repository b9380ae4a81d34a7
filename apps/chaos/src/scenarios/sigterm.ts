import { ChaosScene } from '../run/chaos-scene.js'
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
    const { random } = stage
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
        const inputs = [{ ms: 100 }, { ms: Math.round(random.between(300, 1_500)) }]
        if (random.next() < 0.1) inputs.push({ ms: LONG_MS })
        await producer.enqueue({ task: tasks.slow, inputs, kept: true })
      },
    })
    for (let round = 1; round <= stage.faults; round++) {
      await pause(random.between(200, 800))
      const victim = random.pick(fleet.ready)
      const startedAt = Date.now()
      fleet.start()
      fleet.terminate(victim)
      await until('it has ended', () => victim.exit !== undefined, GRACE_MS + 30_000)
      const took = Date.now() - startedAt
      findings.recoveries.push(took)
      const { code, signal } = victim.exit ?? {}
      findings.expect(took <= GRACE_MS + MARGIN_MS, () => `round ${round}: the worker took ${took} ms to end`)
      findings.expect(code === 0, () => `round ${round}: the worker ended with ${code ?? signal}`)
      await until('two workers are ready', () => fleet.ready.length >= 2)
      if (round % 5 === 0) stage.say(`${round} rounds, ${load.fed} jobs`)
    }
    await load.stop()
    await scene.conclude()
    const burned = [...scene.effects().executions.values()]
      .flat()
      .filter(({ attempt, crashes }) => attempt > 1 || crashes > 0)
    findings.expect(burned.length === 0, () => `${burned.length} executions were charged for a deploy`)
    const { crashed } = findings.details
    findings.expect(crashed === 0, () => `${Number(crashed)} crashes were counted`)
    await fleet.stop()
    return findings
  },
}

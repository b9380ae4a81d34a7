import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import type { Scenario, Stage } from '../run/scenario.js'

const WORKERS = 2

/** Jobs that kill their process, among good ones that happen to run beside them. */
export const poison: Scenario = {
  name: 'poison',
  about: '3 jobs that abort their process among 1,000 good ones: each fails at its third crash, all others succeed',
  full: { jobs: 1_000, faults: 3, minutes: 0 },
  ci: { jobs: 200, faults: 1, minutes: 0 },
  async run(stage: Stage) {
    const { random } = stage
    const scene = await ChaosScene.open(stage, { worker: { lease: '2s', dispatcher: false, concurrency: 100 } })
    const { fleet, findings, tasks, producer } = scene
    await scene.startDispatcher()
    await fleet.startReady(WORKERS)
    // What a process manager does: as many workers as there should be.
    const keeper = setInterval(() => {
      for (let missing = WORKERS - fleet.workers.length + 1; missing > 0; missing--) fleet.start()
    }, 100)
    stage.defer(() => clearInterval(keeper))
    const places = new Set(Array.from({ length: stage.faults }, (_, n) => (n + random.next()) / stage.faults))
    let fed = 0
    for (const place of places) {
      const good = Math.round(place * stage.jobs) - fed
      if (good > 0) await feed(scene, good)
      fed += good
      await producer.enqueue({ task: tasks.poison, inputs: [0], fate: 'fails', kept: false })
    }
    await feed(scene, stage.jobs - fed)
    await conclude(scene, { drainMs: 120_000 })
    clearInterval(keeper)
    const { executions } = scene.effects()
    const runs = [...producer.ledger.acknowledged.values()]
      .filter(({ fate }) => fate === 'fails')
      .map(({ id }) => executions.get(id)?.length ?? 0)
    findings.details.poisonRuns = runs
    findings.check(
      'I7',
      runs.every((count) => count === 3),
      () => `poison jobs ran ${runs.join(', ')} times, not 3`,
    )
    const charged = [...executions.values()].flat().filter(({ crashes }) => crashes > 0)
    findings.details.neighboursCharged = new Set(charged.map(({ jobId }) => jobId)).size - stage.faults
    await fleet.stop()
    return findings
  },
}

async function feed({ producer, tasks }: ChaosScene, count: number): Promise<void> {
  if (count <= 0) return
  const inputs = Array.from({ length: count }, (_, n) => ({ ms: 10 + (n % 40) }))
  await producer.enqueue({ task: tasks.slow, inputs, kept: true })
}

import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { findHolder, newestPid } from '../cast/find-holder.js'
import type { FleetWorker } from '../cast/worker-fleet.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { pause, until } from '../run/until.js'

const LEASE_MS = 2_000
/** No longer than the shortest freeze: a zombie that goes on has its verdicts ready. */
const HELD_MS = 2_000
const BATCH = 20

/**
 * A worker is stopped in the middle of its work for longer than its lease, its jobs run elsewhere, then it goes on: a
 * zombie. Whatever it sends must be refused; the verdict that counts is the newest reservation's.
 */
export const freezes: Scenario = {
  name: 'freezes',
  about: 'SIGSTOP of a working worker past its lease, then SIGCONT: every verdict of the zombie is refused',
  full: { jobs: 10_000, faults: 50, minutes: 0 },
  ci: { jobs: 200, faults: 2, minutes: 0 },
  async run(stage: Stage) {
    const { random } = stage
    const plan = Array.from({ length: stage.faults }, () => ({
      lengths: Array.from({ length: 10 }, () => Math.round(random.between(200, 500))),
      afterMs: random.between(0, 20),
      lastsMs: LEASE_MS * random.between(1.6, 2.2),
    }))
    const scene = await ChaosScene.open(stage, { worker: { lease: LEASE_MS, dispatcher: false } })
    const { fleet, findings, tasks, producer } = scene
    await scene.startDispatcher()
    await fleet.startReady(2)
    const perRound = Math.max(1, Math.floor(stage.jobs / stage.faults))
    let zombies = 0
    /** Per freeze: until the first of its jobs ran elsewhere. The others follow one at a time, being suspects. */
    const first: number[] = []
    for (const [done, { lengths, afterMs, lastsMs }] of plan.entries()) {
      const round = done + 1
      // Held and half done when the signal comes, also where that is late, beside jobs that end in the very moment of it.
      const stubborn = lengths.map((ms) => ({ ms: HELD_MS + ms, msAfterCrash: ms, stubborn: true }))
      const fenced = lengths.map((ms) => ({ ms, key: `fenced/${producer.nextNumber()}` }))
      const ids = await scene.enqueueKnown(async () => {
        await producer.enqueue({ task: tasks.slow, inputs: stubborn, kept: true })
        await producer.enqueue({ task: tasks.fenced, inputs: fenced, kept: true })
      })
      const feeding = feed(scene, perRound)
      await until('a worker holds some of them', () => findHolder(scene, ids) !== undefined)
      const victim = findHolder(scene, ids) as FleetWorker
      await pause(afterMs)
      fleet.freeze(victim)
      const frozenAt = Date.now()
      await feeding
      const held = await scene.heldBy(victim.pid)
      zombies += held.length
      await pause(lastsMs)
      if (held.length > 0) {
        await until(
          'what it held runs elsewhere',
          () => {
            const effects = scene.effects()
            return held.every((id) => newestPid(effects, id) !== victim.pid)
          },
          30_000,
        )
        const again = held.map((id) => (scene.effects().executions.get(id)?.at(-1)?.at ?? 0) - frozenAt)
        findings.recoveries.push(...again)
        first.push(Math.min(...again))
      }
      fleet.thaw(victim)
      await until('nothing is left', () => scene.isDrained(), 30_000)
      if (round % 10 === 0) stage.say(`${round} freezes, ${zombies} executions by zombies`)
    }
    await conclude(scene)
    findings.details.zombieExecutions = zombies
    findings.details.firstAgainMs = first
    findings.prove(zombies > 0, 'no freeze has hit a running job')
    await fleet.stop()
    return findings
  },
}

async function feed(scene: ChaosScene, count: number): Promise<void> {
  for (let fed = 0; fed < count; fed += BATCH) await scene.enqueueNoops(Math.min(BATCH, count - fed))
}

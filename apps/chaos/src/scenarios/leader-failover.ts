import { APP, ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { Candidates } from '../leader/candidates.js'
import { type CoordinationServers, startCoordinationServers } from '../leader/coordination-servers.js'
import { TermWatch } from '../leader/term-watch.js'
import { wholeLeader } from '../leader/whole-leader.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { cameTrue, pause, until } from '../run/until.js'

const CANDIDATES = 2

/** How soon another leads, and the most that it may take, ms. */
const CASES = [
  { name: 'killed', ttlMs: 8_000, ends: 'kill', bar: 10_000 },
  { name: 'killed, ttl 2s', ttlMs: 2_000, ends: 'kill', bar: 3_000 },
  { name: 'stopped', ttlMs: 8_000, ends: 'stop', bar: 1_000 },
] as const

/** How long nobody leads after a leader's death and after its clean stop, and what the loss of coordination servers does. */
export const leaderFailover: Scenario = {
  name: 'leader-failover',
  about: 'the leader dies or stops, the coordination servers go and come back: how soon another leads',
  full: { jobs: 100, faults: 15, minutes: 0 },
  ci: undefined,
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage, { worker: { dispatcher: false } })
    const { findings } = scene
    const client = await scene.redis.client()
    stage.defer(() => client.disconnect())
    const servers = await startCoordinationServers(stage.coordinator, stage)
    const watch = new TermWatch(client, APP)
    await scene.fleet.startReady(1)
    const rounds = Math.max(1, Math.round(stage.faults / CASES.length))
    for (const { name, ttlMs, ends, bar } of CASES) {
      const candidates = new Candidates({ stage, servers, app: APP, url: scene.redis.url, ttlMs })
      await candidates.startReady(CANDIDATES)
      const tookMs: number[] = []
      for (let round = 0; round < rounds; round++) {
        const { candidate, epoch } = await wholeLeader(candidates, watch)
        await candidates.startReady(1)
        const since = performance.now()
        const ended = candidates[ends](candidate)
        await watch.succession(epoch, () => candidates.whole.map(({ pid }) => pid))
        tookMs.push(Math.round(performance.now() - since))
        await ended
      }
      findings.details[name] = tookMs
      findings.recoveries.push(...tookMs)
      const worst = Math.max(...tookMs)
      stage.say(`${name}: another leads after ${tookMs.join(', ')} ms`)
      findings.check('I8', worst <= bar, () => `${name}: another led after ${worst} ms, more than ${bar}`)
      await candidates.stopAll()
    }
    await loseServers(scene, { servers, watch })
    await conclude(scene)
    await scene.fleet.stop()
    return findings
  },
}

/** A minority of the servers down: a leader is elected. A majority: nobody leads, what is due waits, and goes on by itself afterwards. */
async function loseServers(
  scene: ChaosScene,
  { servers, watch }: { servers: CoordinationServers; watch: TermWatch },
): Promise<void> {
  const { stage, findings, producer, tasks } = scene
  const candidates = new Candidates({ stage, servers, app: APP, url: scene.redis.url, ttlMs: 1_000 })
  const enqueueDue = async () => {
    const handles = await tasks.kept.enqueueMany(
      Array.from({ length: stage.jobs }, (_, n) => n),
      { delay: 300 },
    )
    const ids = handles.map(({ id }) => id)
    producer.ledger.acknowledge(ids, { fate: 'succeeds', kept: true })
    return () => ids.every((id) => scene.effects().executions.has(id))
  }
  const minority = servers.ports.length >> 1
  for (let index = 0; index < minority; index++) await servers.kill(index)
  await candidates.startReady(CANDIDATES)
  const { candidate, epoch } = await wholeLeader(candidates, watch)
  const withMinorityDown = await enqueueDue()
  await until('due jobs run with a minority of the servers down', withMinorityDown, 10_000)

  await servers.kill(minority)
  // Its term, and some more.
  await pause(2_000)
  const withMajorityDown = await enqueueDue()
  const dispatched = await cameTrue(withMajorityDown, 3_000, 200)
  findings.check('I8', !dispatched, () => 'what was due was dispatched although no majority of the servers was there')
  const since = performance.now()
  await servers.restart(minority)
  await until('due jobs run again, with nobody restarted', withMajorityDown, 15_000)
  findings.details.resumedAfterMs = Math.round(performance.now() - since)
  const next = await watch.present()
  findings.check('I8', next.epoch > epoch, () => `the leader ${candidate.pid} was still on its old term`)
  stage.say(`with ${minority} of ${servers.ports.length} servers down it dispatched, with ${minority + 1} it did not`)
  stage.say(`resumed ${String(findings.details.resumedAfterMs)} ms after one was back`)
  await candidates.stopAll()
}

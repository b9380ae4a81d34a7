import { ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { refuseLinks } from '../operations/refuse-links.js'
import { swallowLinks } from '../operations/swallow-links.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { cameTrue, pause } from '../run/until.js'
import { SteadyLoad } from '../workloads/steady-load.js'

/** The deadline of a producer's call where it names none, and what a busy machine adds. */
const CALL_BAR_MS = 10_000 + 2_000
const RESUME_BAR_MS = 7_000

/** Redis cannot be reached for a while, in every way that links fail. */
export const outages: Scenario = {
  name: 'outages',
  about: 'outages of 1 s, 30 s and --minutes, refused and swallowed: work resumes, no call hangs past its deadline',
  full: { jobs: 20_000, faults: 6, minutes: 5 },
  ci: { jobs: 400, faults: 2, minutes: 0 },
  workload: 'no-op',
  async run(stage: Stage) {
    const lengths = [1_000, 30_000, ...(stage.minutes > 0 ? [stage.minutes * 60_000] : [])]
    const plan = lengths
      .flatMap((lastsMs) => [
        { lastsMs, operation: refuseLinks },
        { lastsMs, operation: swallowLinks },
      ])
      .slice(0, stage.faults)
    const scene = await ChaosScene.open(stage, { proxied: true })
    const { fleet, findings, producer } = scene
    await fleet.startReady(2)
    const load = new SteadyLoad({ feed: (count) => scene.feed(count), batch: 50, everyMs: 25 })
    const resumed: Record<string, number> = {}
    for (const { lastsMs, operation } of plan) {
      await pause(1_000)
      const what = `${operation.name} for ${lastsMs / 1000} s`
      stage.say(what)
      await operation.strike(scene, { lastsMs, choice: 0 })
      const endedAt = Date.now()
      const size = scene.ledgerBytes()
      await cameTrue(() => scene.ledgerBytes() > size, 60_000, 10)
      const took = Date.now() - endedAt
      findings.recoveries.push(took)
      resumed[what] = took
      stage.say(`work resumed after ${took} ms`)
    }
    await load.stop()
    await conclude(scene)
    findings.details.resumed = resumed
    findings.details.longestCallMs = Math.round(producer.longestCallMs)
    findings.details.unknown = producer.ledger.unknown.size
    findings.details.refused = producer.ledger.refused
    const { max } = findings.recoveryMs()
    const bar = RESUME_BAR_MS + stage.busyMs
    findings.check('I12', max <= bar, () => `work resumed only after ${max} ms, more than ${bar}`)
    findings.check(
      'I12',
      producer.longestCallMs <= CALL_BAR_MS + stage.busyMs,
      () => `a call of the producer took ${Math.round(producer.longestCallMs)} ms`,
    )
    findings.check('I12', fleet.workers.length === 2, () => 'a worker process has ended')
    await fleet.stop()
    return findings
  },
}

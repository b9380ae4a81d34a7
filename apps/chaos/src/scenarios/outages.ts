import { ChaosScene } from '../run/chaos-scene.js'
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
  async run(stage: Stage) {
    const scene = await ChaosScene.open(stage, { proxied: true })
    const { fleet, findings, proxies, producer } = scene
    await fleet.startReady(2)
    const load = new SteadyLoad({ feed: (count) => scene.enqueueNoops(count), batch: 50, everyMs: 25 })
    const lengths = [1_000, 30_000, ...(stage.minutes > 0 ? [stage.minutes * 60_000] : [])]
    const plan = lengths.flatMap((ms) => [
      { ms, how: 'refuse' as const },
      { ms, how: 'blackhole' as const },
    ])
    const resumed: Record<string, number> = {}
    for (const { ms, how } of plan.slice(0, stage.faults)) {
      await pause(1_000)
      for (const proxy of proxies) proxy[how]()
      await pause(ms)
      for (const proxy of proxies) proxy.pass()
      const endedAt = Date.now()
      const size = scene.ledgerBytes()
      await cameTrue(() => scene.ledgerBytes() > size, 60_000, 10)
      const took = Date.now() - endedAt
      findings.recoveries.push(took)
      resumed[`${how} ${ms / 1000} s`] = took
      stage.say(`${how} for ${ms / 1000} s: work resumed after ${took} ms`)
    }
    await load.stop()
    await scene.conclude()
    findings.details.resumed = resumed
    findings.details.longestCallMs = Math.round(producer.longestCallMs)
    findings.details.unknown = producer.ledger.unknown.size
    findings.details.refused = producer.ledger.refused
    const { max } = findings.recoveryMs()
    findings.expect(max <= RESUME_BAR_MS, () => `work resumed only after ${max} ms, more than ${RESUME_BAR_MS}`)
    findings.expect(
      producer.longestCallMs <= CALL_BAR_MS,
      () => `a call of the producer took ${Math.round(producer.longestCallMs)} ms`,
    )
    findings.expect(fleet.workers.length === 2, () => 'a worker process has ended')
    await fleet.stop()
    return findings
  },
}

import { APP, ChaosScene } from '../cast/chaos-scene.js'
import { conclude } from '../cast/conclude.js'
import { checkTerms } from '../check/check-terms.js'
import { checkTicks } from '../check/check-ticks.js'
import { type Candidate, Candidates } from '../leader/candidates.js'
import { startCoordinationServers } from '../leader/coordination-servers.js'
import { readTerms } from '../leader/term-ledger.js'
import { TermWatch } from '../leader/term-watch.js'
import { wholeLeader } from '../leader/whole-leader.js'
import type { Coordination, Scenario, Stage } from '../run/scenario.js'
import { cameTrue, pause, until } from '../run/until.js'
import { QUEUE } from '../workloads/chaos-tasks.js'

const TTL_MS = 1_000
const CANDIDATES = 3
const MOST_SCHEDULES = 20
const USURPED_MS = 150
const DELAYED_A_FAULT = 4
/** Ticks are spread over about as long as the faults will take, per fault, so that both last to the end. */
const MS_PER_FAULT: Readonly<Record<Coordination, number>> = { redlock: 900, etcd: 1_300 }
const LEAST_INTERVAL_MS = 100
const KINDS = ['kill', 'freeze', 'freeze-at-write', 'cut', 'usurp'] as const

/** Who leads changes by force, again and again, while schedules tick and delayed jobs come due. */
export const leaderChange: Scenario = {
  name: 'leader-change',
  about: 'the leader is killed, frozen past its term, cut off, doubled: each tick makes one job, one leader per epoch',
  full: { jobs: 10_000, faults: 500, minutes: 0 },
  ci: { jobs: 100, faults: 10, minutes: 0 },
  async run(stage: Stage) {
    const { random } = stage
    const scene = await ChaosScene.open(stage, { worker: { dispatcher: false } })
    const { findings, fleet, producer, tasks } = scene
    const client = await scene.redis.client()
    stage.defer(() => client.disconnect())
    const servers = await startCoordinationServers(stage.coordinator, stage)
    const candidates = new Candidates({ stage, servers, app: APP, url: scene.redis.url, ttlMs: TTL_MS })
    const watch = new TermWatch(client, APP)
    await Promise.all([fleet.startReady(1), candidates.startReady(CANDIDATES)])
    const { ids: tickIds, lastTickAt } = await schedule(scene, stage)

    const force = new Force(candidates, watch, stage)
    const inflicted: Record<string, number> = {}
    for (let fault = 1; fault <= stage.faults; fault++) {
      const delayed = Array.from({ length: DELAYED_A_FAULT }, (_, n) => n)
      const delay = Math.round(random.between(100, 1_500))
      const acknowledged = await tasks.kept.enqueueMany(delayed, { delay })
      producer.ledger.acknowledge(
        acknowledged.map(({ id }) => id),
        { fate: 'succeeds', kept: true },
      )
      // Each kind as often as the others, in an order of the seed's.
      const kind = fault <= KINDS.length ? (KINDS[fault - 1] as (typeof KINDS)[number]) : random.pick(KINDS)
      inflicted[kind] = (inflicted[kind] ?? 0) + 1
      const tookMs = await force[kind]()
      if (kind !== 'usurp') findings.recoveries.push(tookMs)
      if (fault % 25 === 0 || fault === stage.faults)
        stage.say(`${fault} changes by force, epoch ${(await watch.present()).epoch}`)
    }
    findings.details.inflicted = inflicted
    findings.details.coordinator = stage.coordinator
    // The ticks may outlast the faults.
    const left = Math.max(0, lastTickAt - Date.now())
    const allRan = () => tickIds.every((id) => scene.effects().executions.has(id))
    if (!(await cameTrue(allRan, left + 60_000, 500))) stage.say('not every tick has run')
    await watch.present()
    await conclude(scene)
    await candidates.stopAll()
    const terms = readTerms(stage.dir)
    checkTerms({ terms, stored: watch.stored }, findings)
    checkTicks(tickIds, scene.effects(), findings)
    findings.staleRefused += terms.refused.length
    findings.details.changes = terms.led.length - 1
    const due = inflicted['freeze-at-write'] ?? 0
    findings.check(
      'I8',
      force.lateWrites === due,
      () => `of ${due} late writes ${force.lateWrites} were seen to be refused`,
    )
    findings.prove(terms.led.length > stage.faults, `${terms.led.length} terms are too few`)
    await fleet.stop()
    return findings
  },
}

/** Schedules whose ticks are known beforehand, all in the producer's ledger; the ids of their jobs. */
async function schedule(
  { app, tasks, producer }: ChaosScene,
  stage: Stage,
): Promise<{ ids: string[]; lastTickAt: number }> {
  const schedules = Math.min(MOST_SCHEDULES, stage.jobs)
  const each = Math.floor(stage.jobs / schedules)
  const every = Math.max(LEAST_INTERVAL_MS, Math.round((stage.faults * MS_PER_FAULT[stage.coordinator]) / each))
  const start = Date.now() + 1_000
  const ids: string[] = []
  for (let index = 0; index < schedules; index++) {
    const name = `tick-${index}`
    const limit = each + (index < stage.jobs % schedules ? 1 : 0)
    const from = start + Math.round((index * every) / schedules)
    const spec = { every, start: from, limit, missed: 'all', cap: 1_000 } as const
    await app.control.schedules.add(name, spec, tasks.kept.with(index))
    for (let tick = 0; tick < limit; tick++) ids.push(`schedule:${name}:${from + tick * every}`)
  }
  producer.ledger.acknowledge(ids, { fate: 'succeeds', kept: true })
  return { ids, lastTickAt: start + each * every + every }
}

/** The changes that a run forces. Each resolves, once another leads, to how long that took, ms. */
class Force {
  /** Writes that left a frozen process after another had taken over, and were refused. */
  lateWrites = 0

  constructor(
    private readonly candidates: Candidates,
    private readonly watch: TermWatch,
    private readonly stage: Stage,
  ) {}

  async kill(): Promise<number> {
    const { candidate, epoch } = await this.#leader()
    // Its place is taken at once, by one that has everything still before it.
    const replaced = this.candidates.start()
    const since = performance.now()
    await this.candidates.kill(candidate)
    await this.#successor(epoch)
    const tookMs = performance.now() - since
    await replaced
    return tookMs
  }

  async freeze(): Promise<number> {
    const { candidate, epoch } = await this.#leader()
    await pause(this.stage.random.between(0, 50))
    const since = performance.now()
    this.candidates.freeze(candidate)
    await this.#successor(epoch)
    const tookMs = performance.now() - since
    this.candidates.thaw(candidate)
    return tookMs
  }

  /** The process stops after it has checked its term and before the write goes out: the write arrives when another leads. */
  async 'freeze-at-write'(): Promise<number> {
    let { candidate, epoch } = await this.#leader()
    // One that loses its term meanwhile has nothing to write.
    while (!(await this.candidates.freezeAtWrite(candidate))) ({ candidate, epoch } = await this.#leader())
    const since = performance.now()
    const next = await this.#successor(epoch)
    const tookMs = performance.now() - since
    await this.watch.knownTo(QUEUE, next)
    const thawedAt = Date.now()
    this.candidates.thaw(candidate)
    const refused = () =>
      readTerms(this.stage.dir).refused.some(({ pid, at }) => pid === candidate.pid && at >= thawedAt)
    if (await cameTrue(refused, 30_000, 50)) this.lateWrites += 1
    else this.stage.say(`a late write of ${candidate.pid} was not refused`)
    return tookMs
  }

  /** From the coordination servers only: the store of the jobs stays in reach of a leader that is none any more. */
  async cut(): Promise<number> {
    const { candidate, epoch } = await this.#leader()
    const since = performance.now()
    this.candidates.cut(candidate, this.stage.random.pick(['both', 'requests', 'replies'] as const))
    await this.#successor(epoch)
    const tookMs = performance.now() - since
    this.candidates.mend(candidate)
    return tookMs
  }

  /** A second one leads without the lock while the first still trusts its own. */
  async usurp(): Promise<number> {
    const { candidate, epoch } = await this.#leader()
    const others = () => this.candidates.whole.filter(({ pid }) => pid !== candidate.pid)
    await until('another campaigns', () => others().length > 0)
    const usurper = this.stage.random.pick(others())
    const since = performance.now()
    this.candidates.tell(usurper, { kind: 'usurp', ms: USURPED_MS })
    await this.watch.succession(epoch, () => [usurper.pid])
    const tookMs = performance.now() - since
    await pause(USURPED_MS)
    return tookMs
  }

  #leader(): Promise<{ readonly candidate: Candidate; readonly epoch: number }> {
    return wholeLeader(this.candidates, this.watch)
  }

  async #successor(epoch: number): Promise<number> {
    const next = await this.watch.succession(epoch, () => this.candidates.whole.map(({ pid }) => pid))
    return next.epoch
  }
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type App, createApp, type Logger } from 'millrace'
import { checkRun } from '../check/check-run.js'
import { Findings } from '../check/findings.js'
import { type LaneReading, readLane, readOutcomes } from '../check/lane-reading.js'
import { ProducerLedger } from '../check/producer-ledger.js'
import { EFFECTS_SUFFIX, type Effects, readEffects } from '../check/read-effects.js'
import { prefixOfLane } from '../check/store-keys.js'
import type { ChildWorkerOptions } from '../operations/child-order.js'
import { findLeader } from '../operations/find-leader.js'
import { RedisNode } from '../operations/redis-node.js'
import { type FleetWorker, WorkerFleet } from '../operations/worker-fleet.js'
import { TcpProxy } from '../proxy/tcp-proxy.js'
import { type ChaosTasks, defineChaosTasks, QUEUE } from '../workloads/chaos-tasks.js'
import { Producer } from '../workloads/producer.js'
import type { Stage } from './scenario.js'
import { cameTrue, until } from './until.js'

export const APP = 'chaos'
const SILENT: Logger = silentLogger()

export interface SceneOptions {
  readonly worker?: ChildWorkerOptions
  /** Workers and the producer reach the store through a proxy each; the checkers go to it directly. */
  readonly proxied?: boolean
  /** The producer's link stays whole. */
  readonly producerDirect?: boolean
}

export interface Ending {
  readonly drainMs?: number
  readonly maxCrashes?: number
  readonly maxAttempts?: number
  /** Failed jobs that are expected. */
  readonly failed?: number
}

type Cast = Pick<ChaosScene, 'stage' | 'redis' | 'app' | 'producer' | 'fleet' | 'proxies'>

/** The usual cast of a scenario: a store, a producer with its ledger, a fleet of workers with theirs. */
export class ChaosScene {
  readonly findings = new Findings()

  readonly stage: Stage
  readonly redis: RedisNode
  readonly app: App
  readonly tasks: ChaosTasks
  readonly producer: Producer
  readonly fleet: WorkerFleet
  /** Of workers, then of the producer; empty where nothing is between. */
  readonly proxies: readonly TcpProxy[]

  private constructor(cast: Cast) {
    this.stage = cast.stage
    this.redis = cast.redis
    this.app = cast.app
    this.tasks = defineChaosTasks(cast.app)
    this.producer = cast.producer
    this.fleet = cast.fleet
    this.proxies = cast.proxies
  }

  static async open(stage: Stage, options: SceneOptions = {}): Promise<ChaosScene> {
    const redis = await RedisNode.start(stage)
    const proxies: TcpProxy[] = []
    const link = async (through: boolean) => {
      if (!through) return redis.url
      const proxy = await TcpProxy.listen(redis.port)
      proxies.push(proxy)
      stage.defer(() => proxy.close())
      return proxy.url
    }
    const { proxied = false, producerDirect = false } = options
    const workersUrl = await link(proxied)
    const app = createApp({ name: APP, broker: await link(proxied && !producerDirect), logger: SILENT })
    let going = true
    stage.defer(() => {
      going = false
      return app.close()
    })
    const ledger = new ProducerLedger(join(stage.dir, 'producer.ledger'))
    const fleet = new WorkerFleet({
      dir: stage.dir,
      app: APP,
      url: workersUrl,
      worker: options.worker ?? {},
    })
    stage.defer(() => fleet.end())
    return new ChaosScene({ stage, redis, app, producer: new Producer(ledger, () => going), fleet, proxies })
  }

  get prefix(): string {
    return prefixOfLane(APP, QUEUE)
  }

  effects(): Effects {
    return readEffects(this.stage.dir)
  }

  /** How much the workers have put on record: grows while anything runs. */
  ledgerBytes(): number {
    const names = readdirSync(this.stage.dir).filter((name) => name.endsWith(EFFECTS_SUFFIX))
    return names.reduce((sum, name) => sum + statSync(join(this.stage.dir, name)).size, 0)
  }

  /** A dispatcher in a process of its own, so that the death of a worker is no change of leader; waits until it leads. */
  async startDispatcher(): Promise<FleetWorker> {
    const dispatcher = this.fleet.start({ role: 'dispatcher' })
    await until('the dispatcher is ready', () => dispatcher.ready)
    const client = await this.redis.client()
    await until('the dispatcher leads', async () => (await findLeader(client, APP)) === dispatcher.pid, 15_000)
    client.disconnect()
    return dispatcher
  }

  /** Ids that a call of the producer added. */
  async enqueueKnown(call: () => Promise<void>): Promise<string[]> {
    const before = this.producer.ledger.acknowledged.size
    await call()
    return [...this.producer.ledger.acknowledged.keys()].slice(before)
  }

  /** Jobs that the newest record says a process has begun and that nobody has settled. */
  async heldBy(pid: number): Promise<string[]> {
    const client = await this.redis.client()
    const alive = new Set(await client.hkeys(`${this.prefix}jobs`))
    client.disconnect()
    const executions = [...this.effects().executions.values()]
    return executions.flatMap((list) =>
      list.at(-1)?.pid === pid && alive.has(list[0]?.jobId ?? '') ? [list[0]?.jobId ?? ''] : [],
    )
  }

  async isDrained(): Promise<boolean> {
    const client = await this.redis.client()
    const left = (await client.hlen(`${this.prefix}jobs`)) - (await client.zcard(`${this.prefix}failed`))
    client.disconnect()
    return left === 0
  }

  /** Half of the jobs keep their end, so that it can be read one by one; half are ordinary. */
  async enqueueNoops(count: number): Promise<void> {
    const inputs = Array.from({ length: count }, (_, n) => n)
    const half = count >> 1
    const { noop, kept } = this.tasks
    if (half > 0) await this.producer.enqueue({ task: noop, inputs: inputs.slice(0, half), kept: false })
    await this.producer.enqueue({ task: kept, inputs: inputs.slice(half), kept: true })
  }

  /** After the last fault: waits until nothing is left to do, reads everything, evaluates the invariants. */
  async conclude(ending: Ending = {}): Promise<Findings> {
    const { drainMs = 60_000, failed = 0, maxCrashes = 3, maxAttempts = 3 } = ending
    const client = await this.redis.client()
    const startedAt = performance.now()
    let toldAt = startedAt
    const drained = await cameTrue(async () => {
      const left = (await client.hlen(`${this.prefix}jobs`)) - (await client.zcard(`${this.prefix}failed`))
      if (performance.now() - toldAt > 5_000) {
        toldAt = performance.now()
        this.stage.say(`draining: ${left} jobs left`)
      }
      return left === 0 && (await client.zcard(`${this.prefix}failed`)) >= failed
    }, drainMs)
    this.findings.details.drainMs = Math.round(performance.now() - startedAt)
    const lane: LaneReading = await readLane(client, this.prefix)
    const { ledger } = this.producer
    const kept = [...ledger.acknowledged.values(), ...ledger.unknown.values()].filter((job) => job.kept)
    const outcomes = await readOutcomes(
      client,
      this.prefix,
      kept.map(({ id }) => id),
    )
    client.disconnect()
    const effects = this.effects()
    checkRun({ producer: ledger, effects, lane, outcomes, drained, maxCrashes, maxAttempts }, this.findings)
    return this.findings
  }
}

function silentLogger(): Logger {
  const silent = () => undefined
  const logger: Logger = {
    trace: silent,
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    fatal: silent,
    child: () => logger,
  }
  return logger
}

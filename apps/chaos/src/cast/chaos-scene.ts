import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type App, createApp, type Logger } from 'millrace'
import type { Metronome } from '../check/app-reading.js'
import type { StoreLoss } from '../check/evidence.js'
import { Findings } from '../check/findings.js'
import { ProducerLedger } from '../check/producer-ledger.js'
import { EFFECTS_SUFFIX, type Effects, readEffects } from '../check/read-effects.js'
import { prefixOfLane } from '../check/store-keys.js'
import { TcpProxy } from '../proxy/tcp-proxy.js'
import type { Stage } from '../run/scenario.js'
import { until } from '../run/until.js'
import { type ChaosTasks, defineChaosTasks, QUEUE } from '../workloads/chaos-tasks.js'
import { feedWorkload } from '../workloads/feed-workload.js'
import { Producer } from '../workloads/producer.js'
import type { SteadyLoad } from '../workloads/steady-load.js'
import { WORKLOADS } from '../workloads/workload-catalogue.js'
import type { ChildWorkerOptions } from './child-order.js'
import { EpochWatch } from './epoch-watch.js'
import { findLeader } from './find-leader.js'
import { RedisNode } from './redis-node.js'
import { type FleetWorker, WorkerFleet } from './worker-fleet.js'

export const APP = 'chaos'
/** Ticks often enough that every fault meets some. */
const METRONOME: Metronome = { name: 'metronome', everyMs: 500 }
const SILENT: Logger = silentLogger()

export interface SceneOptions {
  readonly worker?: ChildWorkerOptions
  /** Workers and the producer reach the store through a proxy each; the checkers go to it directly. */
  readonly proxied?: boolean
  /** The producer's link stays whole. */
  readonly producerDirect?: boolean
  /** A second Redis follows the first, ready to take over. */
  readonly replica?: boolean
  /** The program that is started as Redis. */
  readonly redisBinary?: string
  /** One worker at concurrency 1: jobs must start in order. */
  readonly oneByOne?: boolean
}

type Cast = Pick<
  ChaosScene,
  'stage' | 'options' | 'redis' | 'app' | 'producer' | 'fleet' | 'proxies' | 'replica' | 'metronomes' | 'terms'
>

/** The usual cast of a scenario: a store, a producer with its ledger, a fleet of workers with theirs. */
export class ChaosScene {
  readonly findings = new Findings()

  readonly stage: Stage
  readonly options: SceneOptions
  /** The one that holds the jobs: another after a failover. */
  redis: RedisNode
  replica: RedisNode | undefined
  readonly app: App
  readonly tasks: ChaosTasks
  readonly producer: Producer
  readonly fleet: WorkerFleet
  /** Of workers, then of the producer; empty where nothing is between. */
  readonly proxies: readonly TcpProxy[]
  /** What the workers' code schedules. */
  readonly metronomes: readonly Metronome[]
  readonly terms: EpochWatch
  /** The producer that goes on while faults happen, where there is one. */
  load: SteadyLoad | undefined
  /** Set by faults that make Redis lose what it had acknowledged. */
  storeLoss: StoreLoss | undefined
  /** Set by faults that move a clock. */
  clockMoved = false

  private constructor(cast: Cast) {
    this.stage = cast.stage
    this.options = cast.options
    this.redis = cast.redis
    this.replica = cast.replica
    this.app = cast.app
    this.tasks = defineChaosTasks(cast.app)
    this.producer = cast.producer
    this.fleet = cast.fleet
    this.proxies = cast.proxies
    this.metronomes = cast.metronomes
    this.terms = cast.terms
  }

  static async open(stage: Stage, options: SceneOptions = {}): Promise<ChaosScene> {
    const redis = await RedisNode.start(stage, { binary: options.redisBinary })
    const replica = options.replica
      ? await RedisNode.start(stage, { name: 'replica', replicaOf: redis.port })
      : undefined
    await replica?.follows()
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
    const metronomes = WORKLOADS[stage.workload].scheduled ? [METRONOME] : []
    const fleet = new WorkerFleet({
      dir: stage.dir,
      app: APP,
      url: workersUrl,
      worker: options.worker ?? {},
      metronomes,
    })
    stage.defer(() => fleet.end())
    const terms = new EpochWatch(() => scene.redis.url, APP)
    stage.defer(() => terms.stop())
    const producer = new Producer(ledger, () => going)
    const scene: ChaosScene = new ChaosScene({
      ...{ stage, options, redis, replica, app, producer, fleet, proxies, metronomes, terms },
    })
    return scene
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
    await this.redis.ask((client) =>
      until('the dispatcher leads', async () => (await findLeader(client, APP)) === dispatcher.pid),
    )
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
    const alive = new Set(await this.redis.ask((client) => client.hkeys(`${this.prefix}jobs`)))
    const executions = [...this.effects().executions.values()]
    return executions.flatMap((list) =>
      list.at(-1)?.pid === pid && alive.has(list[0]?.jobId ?? '') ? [list[0]?.jobId ?? ''] : [],
    )
  }

  /** How many jobs have not come to their end. */
  left(): Promise<number> {
    return this.redis.ask(
      async (client) => (await client.hlen(`${this.prefix}jobs`)) - (await client.zcard(`${this.prefix}failed`)),
    )
  }

  async isDrained(): Promise<boolean> {
    return (await this.left()) === 0
  }

  /** So many jobs of the run's workload. */
  feed(count: number): Promise<void> {
    return feedWorkload(this, this.stage.workload, count)
  }

  /** So many ordinary jobs. */
  enqueueNoops(count: number): Promise<void> {
    return feedWorkload(this, 'no-op', count)
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

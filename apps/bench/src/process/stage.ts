import { setTimeout as pause } from 'node:timers/promises'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { VoidFigure } from '../measure/void-figure.js'
import type { RecorderPlan } from '../record/run-recorder.js'
import type { Kind, Workload } from '../rival.js'
import type { ProducerCalls } from '../workloads/producer-workloads.js'
import { BenchChild } from './bench-child.js'
import type { ChildSpec } from './child-spec.js'

export interface StageOptions {
  /** By its name in the catalogue. */
  readonly rival: string
  /** Keep an append-only file, flushed once per second. Default: nothing is written to disk. */
  readonly aof?: boolean
}

/** A producer process: its calls, and its end. */
export type StagedProducer = {
  readonly [K in keyof ProducerCalls]: (plan: Parameters<ProducerCalls[K]>[0]) => ReturnType<ProducerCalls[K]>
} & { kill(): Promise<void> }

/** One enqueue or drain may take this long, then the figure is void. */
const CALL_DEADLINE_MS = 300_000
/** Lets the server and the allocator come to rest before memory is read. */
const REST_MS = 1_200

/** One figure's private Redis and its fresh processes. */
export class Stage {
  readonly #children: BenchChild[] = []
  readonly #redis: Redis

  private constructor(
    readonly rival: string,
    private readonly server: Awaited<ReturnType<typeof startRedisServer>>,
  ) {
    this.#redis = new Redis(server.url)
  }

  /** Runs `act` on a fresh stage and takes the stage down, whatever happens. */
  static async with<T>(options: StageOptions, act: (stage: Stage) => Promise<T>): Promise<T> {
    const aof = options.aof === true
    const server = await startRedisServer({ appendonly: aof, ...(aof ? { args: ['--appendfsync', 'everysec'] } : {}) })
    const stage = new Stage(options.rival, server)
    try {
      return await act(stage)
    } finally {
      await stage.#close()
    }
  }

  get serverPid(): number {
    return this.server.pid
  }

  async startProducer(kind: Kind, options: ProducerOptions = {}): Promise<StagedProducer> {
    const workload = workloadOf(kind, options)
    const bulk = options.bulk ?? false
    const child = await this.#start({ role: 'producer', rival: this.rival, url: this.server.url, workload, bulk })
    const call =
      <K extends keyof ProducerCalls>(name: K) =>
      (plan: Parameters<ProducerCalls[K]>[0]) =>
        child.call(name, plan, CALL_DEADLINE_MS) as ReturnType<ProducerCalls[K]>
    return {
      enqueueBulk: call('enqueueBulk'),
      enqueueSingle: call('enqueueSingle'),
      enqueueAndWait: call('enqueueAndWait'),
      enqueuePaced: call('enqueuePaced'),
      enqueueChord: call('enqueueChord'),
      lastResult: call('lastResult'),
      counts: call('counts'),
      kill: () => child.kill(),
    }
  }

  /** So many worker processes, started together. */
  startWorkers(count: number, plan: WorkerPlan): Promise<BenchChild[]> {
    const { kind, jobs, timeStarts = false, marks = [] } = plan
    const recorder: RecorderPlan = { kind, jobs, timeStarts, marks }
    const workload = workloadOf(kind, plan)
    const spec = { role: 'worker', rival: this.rival, url: this.server.url, workload, recorder } as const
    return Promise.all(Array.from({ length: count }, () => this.#start(spec)))
  }

  /** Millrace workers without work, spread over a few processes. */
  async startIdleWorkers(count: number, perProcess: number): Promise<void> {
    for (let left = count; left > 0; left -= perProcess) {
      const spec = { role: 'idle-workers', rival: this.rival, url: this.server.url } as const
      await this.#start({ ...spec, count: Math.min(left, perProcess) })
    }
  }

  /** Bytes that the server's data take, after a rest. */
  async usedMemory(): Promise<number> {
    await pause(REST_MS)
    const used = /^used_memory:(\d+)/m.exec(await this.#redis.info('memory'))?.[1]
    if (used === undefined) throw new VoidFigure('the server does not tell its memory')
    return Number(used)
  }

  async #start(spec: ChildSpec): Promise<BenchChild> {
    const child = await BenchChild.start(spec)
    this.#children.push(child)
    return child
  }

  async #close(): Promise<void> {
    this.#redis.disconnect()
    await Promise.all(this.#children.map((child) => child.kill()))
    await this.server.close()
  }
}

interface WorkloadOptions {
  /** Inputs carry `p` instead of `y`. Default false. */
  readonly padded?: boolean
  /** Default 1. */
  readonly queues?: number
}

export interface ProducerOptions extends WorkloadOptions {
  /** It works in batches only. Default false. */
  readonly bulk?: boolean
}

export interface WorkerPlan extends WorkloadOptions {
  readonly kind: Kind
  readonly jobs: number
  readonly timeStarts?: boolean
  readonly marks?: readonly number[]
}

function workloadOf(kind: Kind, { padded = false, queues = 1 }: WorkloadOptions): Workload {
  return { kind, padded, queues }
}

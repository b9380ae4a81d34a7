import { setTimeout as pause } from 'node:timers/promises'
import { VoidFigure } from '../measure/void-figure.js'
import type { RecorderPlan } from '../record/run-recorder.js'
import type { Kind, Workload } from '../rival.js'
import type { Trial } from '../scenario.js'
import type { Store } from '../stores/store.js'
import type { ProducerCalls } from '../workloads/producer-workloads.js'
import { BenchChild } from './bench-child.js'
import type { ChildSpec } from './child-spec.js'

/** A producer process: its calls, and its end. */
export type StagedProducer = {
  readonly [K in keyof ProducerCalls]: (plan: Parameters<ProducerCalls[K]>[0]) => ReturnType<ProducerCalls[K]>
} & { kill(): Promise<void> }

/** One enqueue or drain may take this long, then the figure is void. */
const CALL_DEADLINE_MS = 300_000
/** Lets the server and the allocator come to rest before memory is read. */
const REST_MS = 1_200

/** One figure's private store and its fresh processes. */
export class Stage {
  /** Those that are on their way too: they are ended as well. */
  readonly #children: Promise<BenchChild>[] = []
  #closed = false

  private constructor(
    private readonly trial: Trial,
    private readonly store: Store,
  ) {}

  /** Runs `act` on a fresh stage and takes the stage down, whatever happens. `aof`: the store keeps an append-only file. */
  static async with<T>(trial: Trial, act: (stage: Stage) => Promise<T>, { aof = false } = {}): Promise<T> {
    const stage = new Stage(trial, await trial.openStore({ aof }))
    try {
      return await Promise.race([act(stage), trial.interrupted])
    } finally {
      await stage.#close()
    }
  }

  get serverPid(): number {
    return this.store.pid
  }

  /** Says how far a long turn is. */
  progress(text: string): void {
    this.trial.progress(text)
  }

  async startProducer(kind: Kind, options: ProducerOptions = {}): Promise<StagedProducer> {
    const workload = workloadOf(kind, options)
    const bulk = options.bulk ?? false
    const child = await this.#start({ role: 'producer', ...this.#place(), workload, bulk })
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
    const spec = { role: 'worker', ...this.#place(), workload, processes: count, recorder } as const
    return Promise.all(Array.from({ length: count }, () => this.#start(spec)))
  }

  /** Millrace workers without work, spread over a few processes. Resolves with those. */
  async startIdleWorkers(count: number, perProcess: number): Promise<number[]> {
    const pids: number[] = []
    for (let left = count; left > 0; left -= perProcess) {
      const share = Math.min(left, perProcess)
      pids.push((await this.#start({ role: 'idle-workers', ...this.#place(), count: share })).pid)
    }
    return pids
  }

  /** Bytes that the store's data take, after a rest. */
  async usedMemory(): Promise<number> {
    await pause(REST_MS)
    return await this.store.usedMemory()
  }

  #place(): { rival: string; url: string; signalUrl: string } {
    const { url, signalUrl } = this.store
    return { rival: this.trial.rival.name, url, signalUrl }
  }

  async #start(spec: ChildSpec): Promise<BenchChild> {
    if (this.#closed) throw new VoidFigure('the stage was taken down')
    const starting = BenchChild.start(spec)
    this.#children.push(starting)
    return await starting
  }

  async #close(): Promise<void> {
    this.#closed = true
    const started = await Promise.allSettled(this.#children)
    await Promise.all(started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.kill()] : [])))
    await this.store.close()
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

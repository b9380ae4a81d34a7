import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Metronome } from '../check/app-reading.js'
import { EffectRegister } from '../check/effect-register.js'
import { EFFECTS_SUFFIX } from '../check/read-effects.js'
import { until } from '../run/until.js'
import type { ChildCommand, ChildOrder, ChildReport, ChildWorkerOptions } from './child-order.js'

/** The built entry, also when this file runs as a source under a test runner. */
const ENTRY = fileURLToPath(new URL('../../dist/worker-process.js', import.meta.url))

/** A worker process of ours. */
export interface FleetWorker {
  readonly role: ChildOrder['role']
  readonly pid: number
  readonly startedAt: number
  /** Takes jobs. */
  readonly ready: boolean
  readonly frozen: boolean
  /** How it ended. `undefined`: lives. */
  readonly exit:
    | { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly at: number }
    | undefined
  /** How often it lost a lease, as it says. */
  readonly leasesLost: number
}

export interface FleetOptions {
  readonly dir: string
  readonly app: string
  readonly url: string
  readonly worker: ChildWorkerOptions
  readonly metronomes: readonly Metronome[]
}

type Member = { -readonly [K in keyof FleetWorker]: FleetWorker[K] } & { readonly child: ChildProcess }

/** Worker processes, and what can be done to them. */
export class WorkerFleet {
  /** Deaths by our hand: which process, and when (ms since the epoch). */
  readonly kills: { readonly pid: number; readonly at: number }[] = []
  /** The store outside the queue in which handlers have their effects. */
  readonly store = new EffectRegister()
  readonly #members: Member[] = []
  #ended = false

  constructor(private readonly options: FleetOptions) {}

  /** Workers that live; a dispatcher alone is none. */
  get workers(): readonly FleetWorker[] {
    return this.#living.filter((member) => member.role === 'worker')
  }

  get #living(): readonly Member[] {
    return this.#members.filter((member) => member.exit === undefined)
  }

  get ready(): readonly FleetWorker[] {
    return this.workers.filter((worker) => worker.ready && !worker.frozen)
  }

  get all(): readonly FleetWorker[] {
    return this.#members
  }

  /** Starts a process; it is ready when its `ready` says so. */
  start(overrides: Partial<ChildOrder> = {}): FleetWorker {
    // An interrupted scenario goes on for a moment: nothing of it may outlive the run.
    if (this.#ended) throw new Error('the run has ended')
    const { dir, app, url, worker, metronomes } = this.options
    const name = `worker-${this.#members.length + 1}`
    const log = openSync(join(dir, `${name}.log`), 'a')
    const order: ChildOrder = {
      role: 'worker',
      app,
      url,
      worker,
      metronomes,
      ledger: join(dir, name + EFFECTS_SUFFIX),
      ...overrides,
    }
    const child = spawn(process.execPath, [ENTRY], {
      env: { ...process.env, MILLRACE_CHAOS_ORDER: JSON.stringify(order) },
      stdio: ['ignore', log, log, 'ipc'],
      // A Ctrl-C at the terminal is ours to pass on.
      detached: true,
    })
    closeSync(log)
    const { pid } = child
    if (pid === undefined) throw new Error('a worker process could not be started')
    const member: Member = {
      role: order.role,
      child,
      pid,
      startedAt: Date.now(),
      ready: false,
      frozen: false,
      exit: undefined,
      leasesLost: 0,
    }
    child.on('message', (message) => this.#hear(member, message as ChildReport))
    child.once('exit', (code, signal) => {
      member.exit = { code, signal, at: Date.now() }
      member.ready = false
    })
    this.#members.push(member)
    return member
  }

  /** Starts so many and waits until all take jobs. */
  async startReady(count: number): Promise<void> {
    const started = Array.from({ length: count }, () => this.start())
    await until(`${count} workers take jobs`, () => {
      const dead = started.find((worker) => worker.exit !== undefined)
      if (dead !== undefined) throw new Error(`worker ${dead.pid} ended before it was ready: see its log`)
      return started.every((worker) => worker.ready)
    })
  }

  /** Ends it as a power cut of the process would: kill -9. Resolves once it is gone. */
  async kill(worker: FleetWorker): Promise<void> {
    this.kills.push({ pid: worker.pid, at: Date.now() })
    this.#signal(worker, 'SIGKILL')
    await until(`worker ${worker.pid} is gone`, () => worker.exit !== undefined)
  }

  freeze(worker: FleetWorker): void {
    this.#signal(worker, 'SIGSTOP')
    this.#member(worker).frozen = true
  }

  thaw(worker: FleetWorker): void {
    this.#member(worker).frozen = false
    this.#signal(worker, 'SIGCONT')
  }

  terminate(worker: FleetWorker): void {
    this.#signal(worker, 'SIGTERM')
  }

  /** Asks every process to end in good order, and waits for that. */
  async stop(timeoutMs = 40_000): Promise<void> {
    for (const member of this.#living) this.terminate(member)
    await until('all processes have stopped', () => this.#living.length === 0, timeoutMs)
  }

  /** Ends whatever still runs, at once. */
  end(): void {
    this.#ended = true
    for (const member of this.#living) this.#signal(member, 'SIGKILL')
  }

  /** Tells a process something. One that is gone hears nothing. */
  command(worker: FleetWorker, command: ChildCommand): void {
    const { child } = this.#member(worker)
    if (child.connected) child.send(command, () => undefined)
  }

  #hear(member: Member, report: ChildReport): void {
    switch (report.kind) {
      case 'ready':
        member.ready = true
        break
      case 'stopped':
        member.ready = false
        break
      case 'lease-lost':
        member.leasesLost++
        break
      case 'effect':
        this.store.apply(report.effect)
        this.command(member, { kind: 'effect-answered', number: report.number })
        break
    }
  }

  #signal(worker: FleetWorker, signal: NodeJS.Signals): void {
    if (worker.exit === undefined) this.#member(worker).child.kill(signal)
  }

  #member(worker: FleetWorker): Member {
    return worker as Member
  }
}

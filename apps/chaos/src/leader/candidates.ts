import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TcpProxy } from '../proxy/tcp-proxy.js'
import type { Stage } from '../run/scenario.js'
import { cameTrue, until } from '../run/until.js'
import type { CandidateCommand, CandidateOrder, CandidateReport } from './candidate-order.js'
import type { CoordinationServers } from './coordination-servers.js'
import { TERMS_SUFFIX } from './term-ledger.js'

const ENTRY = fileURLToPath(new URL('../../dist/leader/candidate-process.js', import.meta.url))

const WRITES_WITHIN_MS = 3_000

export interface Candidate {
  readonly pid: number
  readonly child: ChildProcess
  /** Between it and each coordination server. */
  readonly links: readonly TcpProxy[]
  campaigns: boolean
  gone: boolean
  /** Frozen or cut off by our hand: not to be hit again before it is whole. */
  hurt: boolean
}

export interface CandidatesOptions extends Pick<CandidateOrder, 'app' | 'url' | 'ttlMs'> {
  readonly stage: Stage
  readonly servers: CoordinationServers
}

/** Candidate processes, each with links of its own to the coordination servers, and what can be done to them. */
export class Candidates {
  readonly #options: CandidatesOptions
  readonly #all: Candidate[] = []
  #ended = false

  constructor(options: CandidatesOptions) {
    this.#options = options
    options.stage.defer(() => this.end())
  }

  get living(): readonly Candidate[] {
    return this.#all.filter(({ gone }) => !gone)
  }

  /** Those that can lead. */
  get whole(): readonly Candidate[] {
    return this.living.filter(({ campaigns, hurt }) => campaigns && !hurt)
  }

  async start(): Promise<Candidate> {
    const { stage, servers, app, url, ttlMs } = this.#options
    const links = await Promise.all(servers.ports.map((port) => TcpProxy.listen(port, 'opaque')))
    // An interrupted scenario goes on for a moment: nothing of it may outlive the run.
    if (this.#ended) {
      await Promise.all(links.map((link) => link.close()))
      throw new Error('the run has ended')
    }
    const name = `candidate-${this.#all.length + 1}`
    const order: CandidateOrder = { app, url, ttlMs, ledger: join(stage.dir, name + TERMS_SUFFIX) }
    const log = openSync(join(stage.dir, `${name}.log`), 'a')
    const child = spawn(process.execPath, [ENTRY], {
      env: {
        ...process.env,
        MILLRACE_CHAOS_CANDIDATE: JSON.stringify(order),
        MILLRACE_COORDINATOR: servers.setting(links.map(({ port }) => port)),
      },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    })
    closeSync(log)
    if (child.pid === undefined) throw new Error('a candidate process could not be started')
    const candidate: Candidate = { pid: child.pid, child, links, campaigns: false, gone: false, hurt: false }
    child.on('message', (report: CandidateReport) => {
      if (report === 'ready') candidate.campaigns = true
    })
    child.once('exit', () => {
      candidate.gone = true
      candidate.campaigns = false
    })
    this.#all.push(candidate)
    return candidate
  }

  async startReady(count: number): Promise<readonly Candidate[]> {
    const started = await Promise.all(Array.from({ length: count }, () => this.start()))
    await until(`${count} candidates campaign`, () => started.every(({ campaigns }) => campaigns))
    return started
  }

  find(pid: number | undefined): Candidate | undefined {
    return this.#all.find((candidate) => candidate.pid === pid)
  }

  /** kill -9; resolves once it is gone. */
  async kill(candidate: Candidate): Promise<void> {
    candidate.hurt = true
    candidate.child.kill('SIGKILL')
    await until(`candidate ${candidate.pid} is gone`, () => candidate.gone)
    await Promise.all(candidate.links.map((link) => link.close()))
  }

  /** SIGTERM; resolves once it has ended by itself. */
  async stop(candidate: Candidate): Promise<void> {
    candidate.hurt = true
    candidate.child.kill('SIGTERM')
    await until(`candidate ${candidate.pid} has stopped`, () => candidate.gone)
    await Promise.all(candidate.links.map((link) => link.close()))
  }

  freeze(candidate: Candidate): void {
    candidate.hurt = true
    candidate.child.kill('SIGSTOP')
  }

  thaw(candidate: Candidate): void {
    candidate.child.kill('SIGCONT')
    candidate.hurt = false
  }

  /**
   * Freezes it between a check of its term and the write that the check allowed. Resolves to true once it is frozen; to false where
   * it had nothing to write for a while, and then it stays awake.
   */
  async freezeAtWrite(candidate: Candidate): Promise<boolean> {
    candidate.hurt = true
    this.tell(candidate, { kind: 'freeze-at-write' })
    const stopped = () => isStopped(candidate.pid)
    if (await cameTrue(stopped, WRITES_WITHIN_MS, 5)) return true
    let awake = false
    const listen = (report: CandidateReport) => {
      awake ||= report === 'awake'
    }
    candidate.child.on('message', listen)
    this.tell(candidate, { kind: 'stay-awake' })
    await until(`candidate ${candidate.pid} is awake or frozen`, () => awake || stopped())
    candidate.child.off('message', listen)
    candidate.hurt = !awake
    return !awake
  }

  /** Cuts it off from the coordination servers; the store of the jobs stays in its reach. */
  cut(candidate: Candidate, direction: 'both' | 'requests' | 'replies'): void {
    candidate.hurt = true
    for (const link of candidate.links) link.blackhole(direction)
  }

  mend(candidate: Candidate): void {
    for (const link of candidate.links) link.pass()
    candidate.hurt = false
  }

  tell(candidate: Candidate, command: CandidateCommand): void {
    if (candidate.child.connected) candidate.child.send(command)
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.living.map((candidate) => this.stop(candidate)))
  }

  /** Ends whatever still runs, at once. */
  async end(): Promise<void> {
    this.#ended = true
    for (const { child } of this.living) child.kill('SIGKILL')
    await Promise.all(this.#all.flatMap(({ links }) => links.map((link) => link.close())))
  }
}

function isStopped(pid: number): boolean {
  try {
    // The state follows the name, which may itself contain parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  } catch {
    return false
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { type App, createApp } from 'millrace'
import { type AppDispatcher, type AppWorker, createDispatcher, createWorker } from 'millrace/worker'
import { defineCrashTasks } from './crash-tasks.js'
import { until } from './until.js'

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const PRELOAD = new URL('./crash-at.mjs', import.meta.url).href
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }

export interface Effect {
  readonly task: string
  readonly job: string
  readonly crashes: number
  readonly input: unknown
}

/** A Redis, processes that die at a point, and this process as all those that survive. */
export class CrashScene {
  readonly #folder = mkdtempSync(join(tmpdir(), 'millrace-crash-'))
  readonly #ledger = join(this.#folder, 'ledger')
  readonly #children: ChildProcess[] = []
  readonly #started: (AppWorker | AppDispatcher)[] = []
  readonly app: App
  readonly tasks: ReturnType<typeof defineCrashTasks>

  private constructor(readonly server: RedisServer) {
    writeFileSync(this.#ledger, '')
    this.app = createApp({ name: 'crash', broker: server.url, logger: silent })
    this.tasks = defineCrashTasks(this.app, this.#ledger)
  }

  static async open(): Promise<CrashScene> {
    return new CrashScene(await startRedisServer())
  }

  /** Starts a process that dies by SIGKILL as soon as it reaches `point`. Resolves when it did; rejects when it ends otherwise. */
  async diesAt(point: string, role: 'worker' | 'dispatcher' | 'producer'): Promise<void> {
    const child = this.#fork(role, { MILLRACE_TEST_CRASH_AT: point })
    const [, signal] = await once(child, 'exit')
    if (signal !== 'SIGKILL') throw new Error(`the ${role} ended without reaching '${point}'`)
  }

  /** Starts a process and waits until it has ended, however. */
  async ends(role: 'worker'): Promise<void> {
    await once(this.#fork(role, {}), 'exit')
  }

  /** A process that goes on until the test kills it. */
  async lasting(role: 'worker'): Promise<ChildProcess> {
    const child = this.#fork(role, {})
    await once(child, 'message')
    return child
  }

  /** The worker that finishes what others left. */
  async worker(): Promise<AppWorker> {
    const worker = createWorker(this.app, { dispatcher: false, lease: '1s' })
    this.#started.push(worker)
    await worker.start()
    return worker
  }

  async dispatcher(): Promise<AppDispatcher> {
    const dispatcher = createDispatcher(this.app, { ttl: '1s' })
    this.#started.push(dispatcher)
    await dispatcher.start()
    return dispatcher
  }

  effects(): Effect[] {
    const lines = readFileSync(this.#ledger, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as Effect)
  }

  async succeeded(queue: string): Promise<number> {
    return (await this.app.monitor.queues()).find((one) => one.queue === queue)?.totals.succeeded ?? 0
  }

  async crashed(queue: string): Promise<number> {
    return (await this.app.monitor.queues()).find((one) => one.queue === queue)?.totals.crashed ?? 0
  }

  /** Everything has ended well: so many successes, nothing waits, runs or failed, and no lane has a defect. */
  async allSucceeded(successes: Readonly<Record<string, number>>): Promise<void> {
    await until(`${JSON.stringify(successes)} to have succeeded`, async () => {
      const queues = await this.app.monitor.queues()
      return Object.entries(successes).every(
        ([name, count]) => (queues.find(({ queue }) => queue === name)?.totals.succeeded ?? 0) >= count,
      )
    })
    for (const { queue, ready, suspects, due, parked, running, failed, totals } of await this.app.monitor.queues()) {
      const found = { ready, suspects, due, parked, running, failed, succeeded: totals.succeeded }
      const expected = {
        ready: 0,
        suspects: 0,
        due: 0,
        parked: 0,
        running: 0,
        failed: 0,
        succeeded: successes[queue] ?? 0,
      }
      if (JSON.stringify(found) !== JSON.stringify(expected))
        throw new Error(`${queue}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`)
    }
    const check = await this.app.monitor.fsck()
    if (!check.ok) throw new Error(JSON.stringify(check))
  }

  async close(): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL')
    await Promise.all(this.#started.map((one) => one.stop()))
    await this.app.close()
    await this.server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #fork(role: string, env: Readonly<Record<string, string>>): ChildProcess {
    const child = fork(CHILD, [role, this.server.url, this.#ledger], {
      execArgv: ['--import', 'tsx', '--import', PRELOAD],
      env: { ...process.env, ...env },
    })
    this.#children.push(child)
    return child
  }
}

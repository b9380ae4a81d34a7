import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const WORKER = fileURLToPath(new URL('../worker.js', import.meta.url))
/** After that, a worker that was asked to end is killed. */
const ENDS_WITHIN_MS = 4_000
/** Workers that die unasked are replaced; as many deaths are no accident. */
const MOST_DEATHS = 3

export interface WorkerPoolOptions {
  readonly run: string
  readonly size: number
  /** Told when a worker ended that nobody asked to. */
  onDeath(death: { readonly pid: number; readonly how: string }): void
}

/** Worker processes of the demo. None outlives it: they end when their IPC channel closes, however that happens. */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions
  readonly #alive = new Set<ChildProcess>()
  readonly #expected = new WeakSet<ChildProcess>()
  readonly #broken = Promise.withResolvers<never>()
  #deaths = 0
  #closing = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    this.#broken.promise.catch(() => {})
  }

  /** Rejects when workers keep dying. Never resolves. */
  get broken(): Promise<never> {
    return this.#broken.promise
  }

  get alive(): number {
    return this.#alive.size
  }

  /** Resolves when all take jobs. */
  async start(): Promise<readonly number[]> {
    return Promise.all(Array.from({ length: this.#options.size }, () => this.#spawn()))
  }

  /** Kills the longest-living worker with SIGKILL and starts a fresh one in its place. */
  kill(): { readonly killed: number; readonly fresh: Promise<number> } {
    const [victim] = this.#alive
    if (victim?.pid === undefined) throw new Error('there is no worker to kill')
    this.#expected.add(victim)
    this.#alive.delete(victim)
    victim.kill('SIGKILL')
    return { killed: victim.pid, fresh: this.#spawn() }
  }

  /** Ends all, and waits for that. Safe to repeat. */
  async close(): Promise<void> {
    this.#closing = true
    await Promise.all([...this.#alive].map(end))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #spawn(): Promise<number> {
    const child = fork(WORKER, [this.#options.run], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#alive.add(child)
    const ready = Promise.withResolvers<number>()
    child.once('message', () => ready.resolve(child.pid ?? 0))
    child.once('error', (error) => ready.reject(error))
    child.once('exit', (code, signal) => {
      this.#alive.delete(child)
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`
      ready.reject(new Error(`worker ${child.pid} ended with ${how} before it was ready`))
      if (!this.#closing && !this.#expected.has(child)) this.#replace({ pid: child.pid ?? 0, how })
    })
    // Who waits for the start hears of it; where nobody does, `exit` has said all.
    ready.promise.catch(() => {})
    return ready.promise
  }

  #replace(death: { readonly pid: number; readonly how: string }): void {
    this.#deaths++
    if (this.#deaths >= MOST_DEATHS) {
      this.#broken.reject(new Error(`workers keep dying, the last one with ${death.how}`))
      return
    }
    this.#options.onDeath(death)
    void this.#spawn().catch(() => {})
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve()
      return
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    if (child.connected) child.disconnect()
  })
}

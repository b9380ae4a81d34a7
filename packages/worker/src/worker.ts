import { hostname } from 'node:os'
import { type Duration, parseDuration } from '@millrace/core'
import type { WorkerHost } from './host.js'
import { onStopSignals } from './lifecycle/stop-signals.js'
import { type ResolvedWorkerOptions, resolveWorkerOptions, type WorkerOptions } from './options.js'
import { WorkerRun } from './worker-run.js'
import type { WorkerStatus } from './worker-status.js'

/**
 * Reserves jobs, runs their handlers, settles them.
 *
 * `start` and `stop` may be called in any order and any number of times; a stopped worker can be started again. A run goes
 * idle → starting → running (or quiet) → draining → stopped.
 */
export class Worker implements AsyncDisposable {
  /** Names this worker to monitors and in leases; unique per process and worker. */
  readonly id = `${hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`
  readonly #options: ResolvedWorkerOptions
  #run: WorkerRun | undefined
  #started: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  /** Throws `InvalidOptionError`, `InvalidNameError`. */
  constructor(
    private readonly host: WorkerHost,
    options: WorkerOptions = {},
  ) {
    this.#options = resolveWorkerOptions(options)
  }

  /**
   * Resolves once every lane has a seat, or when `stop` came first. While the broker is away it keeps trying, with a
   * back-off; `startTimeout` bounds that with `BrokerUnavailableError`. Rejects at once for what trying again cannot mend
   * (`BrokerUnfitError`, `LayoutMismatchError`, no queues). After a rejection it may be started again.
   */
  start(): Promise<void> {
    if (this.#stopping !== undefined) return this.#stopping.then(() => this.start())
    this.#started ??= this.#begin()
    return this.#started
  }

  /**
   * Reserves nothing more, gives running handlers `grace` (default: the worker's) to finish, aborts and puts back the rest
   * uncounted, settles, leaves. Called again meanwhile: puts back at once. Never rejects for a broker that is away.
   */
  stop(options: { readonly grace?: Duration } = {}): Promise<void> {
    const graceMs = options.grace === undefined ? this.#options.graceMs : parseDuration(options.grace, 'grace')
    if (this.#stopping !== undefined) {
      this.#run?.hurry()
      return this.#stopping
    }
    const run = this.#run
    if (run === undefined) return Promise.resolve()
    this.#stopping = run.stop(graceMs).finally(() => {
      this.#run = undefined
      this.#started = undefined
      this.#stopping = undefined
    })
    return this.#stopping
  }

  /** Resolves when the run under way has ended, however it was stopped; at once when there is none. */
  async stopped(): Promise<void> {
    await this.#run?.ended
  }

  status(): WorkerStatus {
    return this.#run?.status() ?? IDLE
  }

  /**
   * For the owner of the process, to be called by its `uncaughtException` and `unhandledRejection` listeners, first thing. Logs the error
   * with the job that it escaped from, whose attempt fails of it; where that is unknown, with all that run. Then stops as `stop` does. The
   * process should end afterwards: what failed outside of every promise may have left anything behind.
   */
  async onFatal(error: unknown): Promise<void> {
    const jobs = this.#run?.blame(error) ?? []
    this.host.logger.fatal({ err: error, jobs }, 'an error escaped from a handler: the worker stops')
    await this.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #begin(): Promise<void> {
    const run = new WorkerRun(this.host, this.#options, { id: this.id, stop: () => void this.stop() })
    this.#run = run
    const forget = this.#options.signals ? onStopSignals(() => void this.stop()) : undefined
    void run.ended.then(forget)
    return run.start().catch((error: unknown) => {
      // A run that could not begin leaves nothing to stop.
      if (this.#run === run && this.#stopping === undefined) {
        this.#run = undefined
        this.#started = undefined
      }
      throw error
    })
  }
}

const IDLE: WorkerStatus = Object.freeze({ state: 'idle', running: 0, waiting: 0, leaked: 0, settling: 0, seats: [] })

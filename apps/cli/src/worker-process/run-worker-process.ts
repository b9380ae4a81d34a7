import type { AppWorker } from 'millrace/worker'
import { watchLoads } from '../app-module/loaded-files.js'
import { CliError } from '../cli-error.js'
import { devFacing } from '../dev/dev-facing.js'
import { jobLines } from '../dev/job-event-lines.js'
import { errorText } from '../error-text.js'
import { escapedText } from '../escaped-text.js'
import { humanFacing } from '../human-facing.js'
import { Session } from '../session.js'
import { followCondition } from '../worker-condition.js'
import { checkHandlers, workerOptions } from '../worker-options.js'
import type { FromWorkerProcess, LoadedModule, ToWorkerProcess, WorkerProcessSetup } from './messages.js'

/** What a development worker gets to put back its jobs when `millrace dev` was killed. */
const ORPHAN_MS = 2_000

/** The body of a worker process: obeys its parent, and stops when that is gone. */
export function runWorkerProcess(): void {
  const body = new Body()
  // Ctrl-C reaches the whole group: the parent decides what becomes of it.
  process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined)
  process.on('SIGTERM', () => body.stop()).on('disconnect', () => body.orphaned())
  process.on('uncaughtException', (error) => body.escaped(error, 'exception'))
  process.on('unhandledRejection', (error) => body.escaped(error, 'rejection'))
  process.on('message', (message: ToWorkerProcess) => {
    if (message.kind === 'load') void body.load(message.setup)
    else if (message.kind === 'start') void body.start()
    else body.stop()
  })
}

class Body {
  #session: Session | undefined
  #worker: AppWorker | undefined
  #files: () => string[] = () => []
  #dev = false
  #status = 0
  #ending = false
  #told: Promise<unknown> = Promise.resolve()

  async load(setup: WorkerProcessSetup): Promise<void> {
    this.#dev = setup.dev
    if (setup.dev) this.#files = watchLoads()
    try {
      const module = await this.#load(setup)
      this.#tell({ kind: 'loaded', module })
    } catch (error) {
      await this.#refuse(error)
    }
  }

  async start(): Promise<void> {
    const worker = this.#worker as AppWorker
    try {
      await worker.start()
      await worker.stopped()
    } catch (error) {
      if (!this.#ending) await this.#refuse(error)
      return
    }
    if (this.#ending) return
    this.#tell({ kind: 'dismissed' })
    await this.#leave()
  }

  /** The second call hurries the worker. */
  stop(): void {
    const first = !this.#ending
    this.#ending = true
    const stopped = this.#worker?.stop()
    if (first) void Promise.resolve(stopped).then(() => this.#leave())
  }

  /** The parent is gone, and in development its broker with it. */
  orphaned(): void {
    this.stop()
    if (!this.#dev) return
    this.stop()
    setTimeout(() => process.exit(1), ORPHAN_MS).unref()
  }

  escaped(error: unknown, kind: 'exception' | 'rejection'): void {
    if (this.#worker === undefined) return void this.#refuse(new CliError(escapedText(error, kind)))
    this.#status = 1
    const first = !this.#ending
    this.#ending = true
    process.stderr.write(`error: ${escapedText(error, kind)}\n`)
    if (first) void this.#worker.onFatal(error).then(() => this.#leave())
  }

  async #load({ args, worker: flags, dev }: WorkerProcessSetup): Promise<LoadedModule> {
    this.#session = new Session(args)
    // While the module loads, nothing but the module keeps this process: one that waits for nothing ends it.
    process.channel?.unref()
    const loaded = await this.#session.loadedApp().finally(() => process.channel?.ref())
    this.#session.checkShared(loaded)
    const debug = args.debug === true
    const app = dev ? devFacing(loaded, debug) : humanFacing(loaded, debug)
    const tasks = checkHandlers(app, this.#session.findModule()?.shown ?? 'the app module')
    const condition = followCondition((now) => this.#tell({ kind: 'condition', condition: now }))
    const lines = dev ? jobLines(app) : undefined
    const { createWorker } = await import('millrace/worker')
    this.#worker = createWorker(app, {
      ...workerOptions(flags),
      // A parent dispatches, wherever it can reach the broker.
      dispatcher: dev && typeof app.brokerTarget() !== 'string',
      ...(this.#session.timeoutMs !== undefined && { startTimeout: this.#session.timeoutMs }),
      onEvent: (event) => {
        condition(event)
        lines?.(event)
      },
    })
    const target = app.brokerTarget()
    return {
      app: app.name,
      prefix: app.prefix,
      broker: typeof target === 'string' ? target : null,
      tasks,
      queues: app.registry.queues(),
      files: this.#files(),
    }
  }

  async #refuse(error: unknown): Promise<void> {
    this.#status = 1
    this.#tell({ kind: 'refused', message: errorText(error), files: this.#files() })
    await this.#leave()
  }

  async #leave(): Promise<void> {
    await Promise.all([this.#session?.close(), this.#told])
    process.exit(this.#status)
  }

  #tell(message: FromWorkerProcess): void {
    if (process.connected) this.#told = new Promise((resolve) => process.send?.(message, resolve))
  }
}

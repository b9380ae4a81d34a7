import { type DevRedis, openDevRedis } from '@millrace/embedded'
import { CliError } from '../cli-error.js'
import { errorText } from '../error-text.js'
import { printEvent } from '../output/event-line.js'
import { printLine } from '../output/print.js'
import { durationText } from '../output/time-text.js'
import type { LoadedModule, WorkerProcessSetup } from '../worker-process/messages.js'
import { ModuleRefusedError, WorkerProcess, type WorkerProcessEnd } from '../worker-process/worker-process.js'
import { type DevAddressFile, writeDevAddress } from './dev-address-file.js'
import { devLogger } from './dev-facing.js'
import { DevSide, sideName } from './dev-side.js'
import { FileWatch } from './file-watch.js'
import { Swapper } from './swapper.js'

export interface DevSetup extends Pick<WorkerProcessSetup, 'args' | 'worker'> {
  /** The app module, as messages name it. */
  readonly module: string
  /** Watched from the start, also while nothing has loaded. */
  readonly file: string
  /** The dashboard's. Where it is taken, a free one. */
  readonly port: number
}

/** One run of `millrace dev`: a Redis, its address in a file, a worker process that follows the code, and a dispatcher here. */
export class DevRun {
  readonly logger
  readonly #watch = new FileWatch((files) => this.#filesChanged(files))
  readonly #swapper: Swapper
  readonly #over: Promise<void>
  #end: () => void = () => undefined
  #opening: Promise<DevRedis> | undefined
  #redis: DevRedis | undefined
  #stopping = false
  #address: DevAddressFile | undefined
  #side: DevSide | undefined
  #startedAt = 0
  readonly #deploymentGiven = process.env['MILLRACE_DEPLOYMENT'] !== undefined

  constructor(private readonly setup: DevSetup) {
    this.logger = devLogger(setup.args.debug === true)
    this.#over = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#swapper = new Swapper(
      () => {
        this.#startedAt = performance.now()
        // A deployment of its own for each version of the code: schedules follow it forth and back.
        if (!this.#deploymentGiven) process.env['MILLRACE_DEPLOYMENT'] = `dev-${Date.now()}`
        return new WorkerProcess({ args: setup.args, worker: setup.worker, dev: true })
      },
      {
        loaded: (module) => void this.#loaded(module),
        refused: (error, serving) => this.#refused(error, serving),
        draining: () => printEvent('reload', 'what runs finishes, then the changed code starts'),
        started: (module) => this.#started(module),
        died: (end, delayMs) => this.#died(end, delayMs),
      },
    )
  }

  /** Throws `CliError` where no Redis can be had. */
  async start(): Promise<void> {
    this.#opening = openDevRedis()
    this.#redis = await this.#opening.catch((error: unknown) => {
      throw new CliError(`No Redis for development: ${errorText(error).replace(/\.$/, '')}.`, { cause: error })
    })
    if (this.#stopping) return
    printLine(this.#redis.describe)
    this.#use(this.#redis.url)
    this.#watch.follow([this.setup.file], true)
    this.#swapper.changed()
  }

  /** Ends all; again: what runs is put back at once. */
  async stop(): Promise<void> {
    if (!this.#stopping) printEvent('stopping', 'what runs may finish; Ctrl-C again puts it back')
    this.#stopping = true
    this.#watch.close()
    await this.#swapper.stop()
    await this.#endSide()
    this.#address?.remove()
    const redis = await this.#opening?.catch(() => undefined)
    await redis?.close()
    this.#end()
  }

  stopped(): Promise<void> {
    return this.#over
  }

  /** From here on, worker processes and other terminals in this folder work with this broker. */
  #use(url: string): void {
    process.env['MILLRACE_BROKER'] = url
    this.#address = writeDevAddress(url)
  }

  #filesChanged(files: readonly string[]): void {
    printEvent('reload', `${files.map((file) => shorten(file)).join(', ')} changed`)
    this.#swapper.changed()
  }

  async #loaded(module: LoadedModule): Promise<void> {
    this.#watch.follow([this.setup.file, ...module.files], false)
    const { broker } = module
    if (broker !== null && broker !== process.env['MILLRACE_BROKER']) await this.#followModule(module, broker)
    const of = sideName(module)
    if (this.#side?.of === of) return
    await this.#endSide()
    if (broker === null) {
      printEvent('broker', `app ${module.app} gives createApp no URL: no dashboard here, and the worker dispatches`)
      return
    }
    if (this.#stopping) return
    this.#side = new DevSide(module, { logger: this.logger, port: this.setup.port })
    await this.#side.start()
  }

  /** The module names its broker itself: that one counts, for this process and for other terminals. */
  async #followModule(module: LoadedModule, broker: string): Promise<void> {
    printEvent('broker', `app ${module.app} names its own in createApp: that one is used`)
    this.#use(broker)
    await this.#redis?.close()
  }

  #refused(error: unknown, serving: boolean): void {
    const files = error instanceof ModuleRefusedError ? error.files : []
    this.#watch.follow([this.setup.file, ...files], true)
    printEvent('refused', errorText(error))
    printEvent('refused', serving ? 'the version before it goes on; waiting for a change' : 'waiting for a change')
  }

  #started({ app, tasks, queues }: LoadedModule): void {
    const took = durationText(performance.now() - this.#startedAt)
    printEvent(
      'ready',
      `app ${app}: ${tasks} ${tasks === 1 ? 'task' : 'tasks'}, queues ${queues.join(', ')} (${took}); Ctrl-C stops`,
    )
  }

  #died({ code, signal, refusal }: WorkerProcessEnd, delayMs: number | null): void {
    if (delayMs === null) {
      printEvent('stopped', 'the worker was told to stop from afar')
      void this.stop()
      return
    }
    if (refusal !== undefined) printEvent('refused', refusal)
    const how = signal === null ? `with status ${code}` : `by ${signal}`
    printEvent('crashed', `the worker process ended ${how}; it starts again in ${durationText(delayMs)}`)
  }

  async #endSide(): Promise<void> {
    const side = this.#side
    this.#side = undefined
    await side?.stop()
  }
}

function shorten(file: string): string {
  const folder = `${process.cwd()}/`
  return file.startsWith(folder) ? `./${file.slice(folder.length)}` : file
}

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.js'
import { NOT_STARTED, type WorkerCondition } from '../worker-condition.js'
import type { FromWorkerProcess, LoadedModule, ToWorkerProcess, WorkerProcessSetup } from './messages.js'

const ENTRY = fileURLToPath(new URL('../../bin/worker-process.js', import.meta.url))

/** The module cannot be run. `files`: what was read before that was known. */
export class ModuleRefusedError extends CliError {
  override readonly name = 'ModuleRefusedError'

  constructor(
    message: string,
    readonly files: readonly string[],
  ) {
    super(message)
  }
}

export interface WorkerProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** It was told to stop, by this process or from afar: no accident. */
  readonly asked: boolean
  /** It was told from afar. */
  readonly dismissed: boolean
  /** Why it could not run, where it said so. */
  readonly refusal: string | undefined
  /** It had taken jobs. */
  readonly served: boolean
}

/**
 * A process of its own that loads the app module and runs a worker: load → (start) → stop. It stops by itself when this
 * process is gone, however that ended.
 */
export class WorkerProcess {
  /** Rejects with `ModuleRefusedError`. */
  readonly loaded: Promise<LoadedModule>
  /** Never rejects. */
  readonly ended: Promise<WorkerProcessEnd>
  condition: WorkerCondition = NOT_STARTED
  readonly #child: ChildProcess
  #asked = false
  #dismissed = false
  #refusal: string | undefined
  #served = false

  constructor(setup: WorkerProcessSetup) {
    const child = fork(ENTRY, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child = child
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.condition = { ...this.condition, state: 'stopped' }
        const dismissed = this.#dismissed
        resolve({
          code,
          signal,
          asked: this.#asked || dismissed,
          dismissed,
          refusal: this.#refusal,
          served: this.#served,
        })
      }
      child.once('exit', end)
      child.once('error', () => end(null, null))
    })
    this.loaded = new Promise((resolve, reject) => {
      child.on('message', (message: FromWorkerProcess) => {
        if (message.kind === 'loaded') resolve(message.module)
        else if (message.kind === 'refused') {
          this.#refusal = message.message
          reject(new ModuleRefusedError(message.message, message.files))
        } else if (message.kind === 'condition') {
          this.condition = message.condition
          this.#served ||= message.condition.state === 'running'
        } else this.#dismissed = true
      })
      void this.ended.then(({ code, signal }) => {
        reject(new ModuleRefusedError(`The worker process ended while it loaded (${signal ?? `status ${code}`}).`, []))
      })
    })
    // Who does not wait for it sees it end.
    this.loaded.catch(() => undefined)
    this.#tell({ kind: 'load', setup })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  start(): void {
    this.#tell({ kind: 'start' })
  }

  /** Drains; again: puts back at once. */
  stop(): void {
    this.#asked = true
    this.#tell({ kind: 'stop' })
  }

  /** Ends it at once. What it held runs again when its lease has ended. */
  kill(): void {
    this.#asked = true
    this.#child.kill('SIGKILL')
  }

  #tell(message: ToWorkerProcess): void {
    // One that has just ended hears nothing more, and `ended` says so.
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }
}

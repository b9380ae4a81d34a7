import type { GlobalArguments } from '../global-options.js'
import type { WorkerCondition } from '../worker-condition.js'
import type { WorkerFlags } from '../worker-options.js'

/** What a worker process is to run. Plain data. */
export interface WorkerProcessSetup {
  readonly args: GlobalArguments
  readonly worker: WorkerFlags
  /** For `millrace dev`: lines for people per job, and the files of the module are told. */
  readonly dev: boolean
}

export type ToWorkerProcess =
  /** First, once. Answered by `loaded` or `refused`. */
  | { readonly kind: 'load'; readonly setup: WorkerProcessSetup }
  /** Takes jobs from now on. */
  | { readonly kind: 'start' }
  /** Drains and ends; a second one puts back at once. */
  | { readonly kind: 'stop' }

export interface LoadedModule {
  /** The app's name. */
  readonly app: string
  readonly prefix: string
  /** The address of its broker; null where it was given as something else than a URL. */
  readonly broker: string | null
  readonly tasks: number
  readonly queues: readonly string[]
  /** The files that it consists of, packages from elsewhere aside. Empty unless asked for. */
  readonly files: readonly string[]
}

export type FromWorkerProcess =
  | { readonly kind: 'loaded'; readonly module: LoadedModule }
  /** It cannot run: one sentence for people. The process ends. */
  | { readonly kind: 'refused'; readonly message: string; readonly files: readonly string[] }
  | { readonly kind: 'condition'; readonly condition: WorkerCondition }
  /** It ended because it was told to from afar: it is not to be replaced. */
  | { readonly kind: 'dismissed' }

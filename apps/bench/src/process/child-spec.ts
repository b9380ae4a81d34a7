import type { RecorderPlan } from '../record/run-recorder.js'
import type { Workload } from '../rival.js'

/** What a child process is. Travels as JSON in its arguments. */
export type ChildSpec = ProducerSpec | WorkerSpec | IdleWorkersSpec

interface AnySpec {
  /** By its name in the catalogue. */
  readonly rival: string
  readonly url: string
  readonly signalUrl: string
}

export interface ProducerSpec extends AnySpec {
  readonly role: 'producer'
  readonly workload: Workload
  readonly bulk: boolean
}

export interface WorkerSpec extends AnySpec {
  readonly role: 'worker'
  readonly workload: Workload
  readonly processes: number
  readonly recorder: RecorderPlan
}

/** Millrace workers that have nothing to do, each with an app and connections of its own. */
export interface IdleWorkersSpec extends AnySpec {
  readonly role: 'idle-workers'
  readonly count: number
}

export interface Call {
  readonly call: number
  readonly name: string
  readonly plan: unknown
}

export type Answer =
  | { readonly ready: true }
  | { readonly broken: string }
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: string }

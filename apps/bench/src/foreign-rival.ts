import type { Progress, RecorderPlan, Snapshot } from './record/run-recorder.js'
import type { ProducerSetup, WorkerSetup } from './rival.js'
import type { ProducerCalls } from './workloads/producer-workloads.js'

/** A queue library of another language: whole workloads run in its own processes, which keep clocks and counts themselves. */
export interface ForeignRival {
  /** Resolves when connected and ready to enqueue. */
  producerCalls(setup: ProducerSetup): Promise<ProducerCalls>
  /** Resolves when jobs are taken. */
  workerCalls(setup: WorkerSetup, recorder: RecorderPlan): Promise<WorkerCalls>
}

/** What a parent asks of a worker process, by name. */
export interface WorkerCalls {
  progress(): Progress | Promise<Progress>
  snapshot(): Snapshot | Promise<Snapshot>
}

import type { Stage, StagedProducer } from '../process/stage.js'

const BATCH = 1_000
/** Enqueued in one call, so that a long one can be told. */
const PART = 500_000

export interface JobRange {
  readonly from: number
  readonly to: number
  /** Of JSON. Absent: `{x,y:2}`. */
  readonly bytes?: number
}

/** Enqueues a range of jobs of any size, and says how far it is. */
export async function enqueueAll(stage: Stage, producer: StagedProducer, range: JobRange): Promise<void> {
  for (let from = range.from; from < range.to; from += PART) {
    stage.progress(`${from} of ${range.to} jobs enqueued`)
    await producer.enqueueBulk({ ...range, from, to: Math.min(range.to, from + PART), batch: BATCH, queues: 1 })
  }
}

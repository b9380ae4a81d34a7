import type { Hit } from '../index/search.js'

/** What a run came to; `--json` prints it as it is. */
export interface Summary {
  /** The index is the same as one made without the queue. */
  readonly equal: boolean
  /** SHA-256 of the index file. */
  readonly checksum: string
  /** Where the two part, when they do. */
  readonly difference: string | null
  readonly folder: string
  readonly documents: {
    readonly found: number
    readonly indexed: number
    readonly skipped: Readonly<Record<string, number>>
  }
  readonly words: number
  readonly bytes: number
  readonly jobs: number
  readonly attempts: number
  readonly retries: number
  readonly failures: readonly FailedJob[]
  readonly crash: Crash
  /** From the first job's enqueueing to the merged index. */
  readonly seconds: number
  /** Over those seconds, the wait for the killed worker's lease included; and over the best half second. */
  readonly jobsPerSecond: { readonly mean: number; readonly best: number }
  readonly redis: string
  readonly index: string
  readonly query: string
  readonly hits: readonly (Hit & { readonly snippet: string })[]
}

/** A job that failed for good. */
export interface FailedJob {
  readonly doc: string
  readonly reason: string
  readonly attempts: number
}

/** The worker that was killed, and what became of its jobs. */
export interface Crash {
  /** Process id; null where the run was over too soon. */
  readonly killed: number | null
  readonly atPercent: number
  /** Jobs that it held and that ran again elsewhere. */
  readonly recovered: number
  /** From the kill until the last of them was back. */
  readonly afterSeconds: number | null
}

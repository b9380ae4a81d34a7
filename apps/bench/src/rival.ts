/** One job's input. `x` numbers the job within its run, so that every execution can be counted. */
export interface Input {
  readonly x: number
  readonly y?: number
  /** Pads the input to a size. */
  readonly p?: string
}

/** What the handlers do. */
export type Kind =
  /** Returns at once; the result is not kept. */
  | 'noop'
  /** Returns at once; the result is kept. */
  | 'stored'
  /** Returns at once; the producer waits for the result. */
  | 'answer'
  /** The first attempt throws, the second returns; no delay between them. */
  | 'fail-once'
  /** Members, and one body over all of their results. */
  | 'chord'

/** What a scenario asks of every harness alike. */
export interface Workload {
  readonly kind: Kind
  /** Inputs carry `p` instead of `y`. */
  readonly padded: boolean
  readonly queues: number
}

export interface ProducerSetup {
  /** Of the store: `redis://127.0.0.1:<port>`, or `postgres://…`. */
  readonly url: string
  /** A Redis for those that have no results: the handler tells its start there. */
  readonly signalUrl: string
  readonly workload: Workload
  /** The producer enqueues in batches only: what a rival sets for that may be set. */
  readonly bulk: boolean
}

/** One connected producer. Every call resolves when the store has acknowledged it. */
export interface Producer {
  /** At most 1,000 inputs, through the rival's own way for many. `at`: due then, ms since the epoch. */
  enqueueBulk(inputs: readonly Input[], where: { readonly queue: number; readonly at?: number }): Promise<void>
  enqueueSingle(input: Input): Promise<void>
  /** Resolves with the result; with `undefined` where the rival has none and only its end is signalled. */
  enqueueAndWait(input: Input): Promise<number | undefined>
  /** All inputs as members, and a body. */
  enqueueChord(inputs: readonly Input[], body: Input): Promise<void>
  /** The stored result of the job that was enqueued last, in bulk; `undefined`: the store has none. */
  lastResult(): Promise<number | undefined>
  /** What the store says waits in the first queue: ready, and for its time. */
  counts(): Promise<Counts>
}

export interface Counts {
  readonly waiting: number
  readonly delayed: number
}

/** What a handler tells the recorder. */
export interface JobHooks {
  /** At the handler's start. Returns what the handler must return; throws where this attempt must fail. */
  run(x: number): number
  /** At the start of a chord's body. */
  body(x: number, results: readonly number[]): number
  /** The rival's own event that a job has succeeded. */
  completed(): void
  /** Everything that was run so far is settled in the store: for a rival that has no event per job. */
  allSettled(): void
}

export interface WorkerSetup {
  readonly url: string
  readonly signalUrl: string
  readonly workload: Workload
  /** So many such processes work together. */
  readonly processes: number
}

/** A queue library as it is driven here. Its processes are ended by a signal: nothing needs to be closed. */
export interface Rival {
  /** Resolves when connected and ready to enqueue. */
  producer(setup: ProducerSetup): Promise<Producer>
  /** Resolves when jobs are taken. */
  worker(setup: WorkerSetup, hooks: JobHooks): Promise<void>
}

/** Handlers that run at once in a worker, for every rival: Millrace's default. */
export const CONCURRENCY = 100

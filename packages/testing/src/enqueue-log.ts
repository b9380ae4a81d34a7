import type { Broker, Lane, NewJob } from '@millrace/broker'
import { type Clock, readMessage } from '@millrace/core'
import type { EnqueuedJob } from './enqueued-job.js'

/** Turns stored inputs into what callers gave. */
interface InputReader {
  readonly codec: { readonly name: string; decode(value: unknown): unknown } | undefined
}

/** Notes each job that the broker accepts, from whoever: callers, handlers, workflows, schedules. */
export class EnqueueLog {
  readonly #clock: Clock
  readonly #reader: InputReader
  #jobs: EnqueuedJob[] = []

  constructor(clock: Clock, reader: InputReader) {
    this.#clock = clock
    this.#reader = reader
  }

  /** In the order of arrival. */
  get jobs(): readonly EnqueuedJob[] {
    return this.#jobs
  }

  clear(): void {
    this.#jobs = []
  }

  /** The same broker, its producer overheard. */
  around(broker: Broker): Broker {
    return {
      ...broker,
      producer: {
        enqueue: async (lane, jobs, options) => {
          const answers = await broker.producer.enqueue(lane, jobs, options)
          for (const [index, job] of jobs.entries()) {
            if (answers[index]?.kind === 'accepted') this.#jobs.push(this.#read(lane, job))
          }
          return answers
        },
      },
    }
  }

  #read(lane: Lane, { id, message, attrs }: NewJob): EnqueuedJob {
    const read = readMessage(JSON.parse(message))
    const now = this.#clock.now()
    const readyAt = attrs?.at ?? (attrs?.delayMs === undefined ? undefined : now + attrs.delayMs)
    const { codec } = this.#reader
    return {
      id,
      task: read?.task ?? '',
      queue: lane.queue,
      input: read?.extras.codec !== undefined && codec !== undefined ? codec.decode(read.input) : read?.input,
      headers: read?.extras.headers ?? {},
      readyAt: readyAt === undefined ? undefined : new Date(readyAt),
      priority: attrs?.priority ?? 0,
      enqueuedAt: new Date(now),
    }
  }
}

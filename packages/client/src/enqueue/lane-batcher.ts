import type { EnqueueAnswer, Lane, NewJob } from '@millrace/broker'
import { crashPoint, MAX_BATCH_BYTES, MAX_BATCH_JOBS, OutcomeUnknownError } from '@millrace/core'
import type { KnownBroker } from '../known-broker.js'
import { jobWeight } from './job-weight.js'
import type { SendBuffer } from './send-buffer.js'
import type { Shipment } from './shipment.js'

interface Waiting extends Shipment {
  /** Its answers are in `answers` from this position on. */
  land(answers: readonly EnqueueAnswer[], from: number): void
  reject(error: unknown): void
}

/**
 * Group commit for one lane. States: idle → (a shipment arrives) scheduled → (end of the microtask queue) in flight →
 * in flight again with what arrived meanwhile, or idle. One call is in flight at a time, so the driver's session numbers
 * grow by one. No timers: a lone job leaves in the tick that brought it.
 */
export class LaneBatcher {
  readonly #lane: Lane
  readonly #broker: Pick<KnownBroker, 'get'>
  readonly #buffer: SendBuffer
  #waiting: Waiting[] = []
  /** Position of the first shipment that has not left yet; what is before it is dropped now and then. */
  #head = 0
  #busy = false
  readonly #idle: (() => void)[] = []

  constructor(lane: Lane, broker: Pick<KnownBroker, 'get'>, buffer: SendBuffer) {
    this.#lane = lane
    this.#broker = broker
    this.#buffer = buffer
  }

  /**
   * Sends one shipment; resolves with one answer per job, in order. `admitted`: the rest of a call whose beginning
   * is on its way, never refused for a full buffer.
   */
  send({ jobs, bytes }: Shipment, admitted = false): Promise<readonly EnqueueAnswer[]> {
    return new Promise((resolve, reject) => {
      const land = (answers: readonly EnqueueAnswer[], from: number) => resolve(answers.slice(from, from + jobs.length))
      this.#wait({ jobs, bytes, land, reject }, admitted)
    })
  }

  /** Sends one job; resolves with what `read` makes of its answer. The one promise of an ordinary enqueue. */
  sendJob<T>(job: NewJob, read: (answer: EnqueueAnswer) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const land = (answers: readonly EnqueueAnswer[], from: number) => {
        try {
          resolve(read(answers[from] as EnqueueAnswer))
        } catch (error) {
          reject(error)
        }
      }
      this.#wait({ jobs: [job], bytes: jobWeight(job), land, reject }, false)
    })
  }

  #wait(shipment: Waiting, admitted: boolean): void {
    if (admitted) this.#buffer.force(shipment.jobs.length, shipment.bytes)
    else this.#buffer.add(shipment.jobs.length, shipment.bytes)
    this.#waiting.push(shipment)
    if (this.#busy) return
    this.#busy = true
    queueMicrotask(() => void this.#fly())
  }

  /** Resolves once nothing waits and nothing is in flight. */
  idle(): Promise<void> {
    return this.#busy ? new Promise((resolve) => this.#idle.push(resolve)) : Promise.resolve()
  }

  async #fly(): Promise<void> {
    while (this.#head < this.#waiting.length) {
      const flight = this.#board()
      try {
        const known = this.#broker.get()
        const { producer } = known instanceof Promise ? await known : known
        const answers = await producer.enqueue(this.#lane, jobsOf(flight))
        crashPoint('enqueued')
        land(flight, answers)
      } catch (error) {
        for (const shipment of flight) shipment.reject(errorFor(shipment, error))
      }
    }
    this.#waiting = []
    this.#head = 0
    this.#busy = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Takes whole shipments, in order, up to the bounds of a batch. */
  #board(): Waiting[] {
    const flight: Waiting[] = []
    let jobs = 0
    let bytes = 0
    for (; this.#head < this.#waiting.length; this.#head++) {
      const next = this.#waiting[this.#head] as Waiting
      if (flight.length > 0 && (jobs + next.jobs.length > MAX_BATCH_JOBS || bytes + next.bytes > MAX_BATCH_BYTES)) break
      flight.push(next)
      jobs += next.jobs.length
      bytes += next.bytes
    }
    this.#buffer.remove(jobs, bytes)
    if (this.#head > 4_096 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
    return flight
  }
}

function jobsOf(flight: readonly Waiting[]): readonly NewJob[] {
  const [first] = flight
  if (flight.length === 1 && first !== undefined) return first.jobs
  const jobs: NewJob[] = []
  for (const shipment of flight) for (const job of shipment.jobs) jobs.push(job)
  return jobs
}

function land(flight: readonly Waiting[], answers: readonly EnqueueAnswer[]): void {
  let from = 0
  for (const shipment of flight) {
    shipment.land(answers, from)
    from += shipment.jobs.length
  }
}

/** Each caller hears of its own ids, not of those that happened to travel with it. */
function errorFor({ jobs }: Shipment, error: unknown): unknown {
  if (!(error instanceof OutcomeUnknownError)) return error
  return new OutcomeUnknownError({ what: 'the enqueue call', ids: jobs.map((job) => job.id), cause: error })
}

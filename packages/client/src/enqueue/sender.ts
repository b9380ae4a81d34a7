import { type EnqueueAnswer, type Lane, laneName, type NewJob } from '@millrace/broker'
import { OutcomeUnknownError } from '@millrace/core'
import type { KnownBroker } from '../known-broker.js'
import { LaneBatcher } from './lane-batcher.js'
import { SendBuffer, type SendBufferLimits } from './send-buffer.js'
import { packShipments, type Shipment } from './shipment.js'

/** Puts encoded jobs on their lanes, each lane through its own group commit. */
export class Sender {
  readonly #broker: KnownBroker
  readonly #buffer: SendBuffer
  readonly #batchers = new Map<string, LaneBatcher>()

  constructor(broker: KnownBroker, limits?: SendBufferLimits) {
    this.#broker = broker
    this.#buffer = new SendBuffer(limits)
  }

  /** Resolves with what `read` makes of the answer. */
  sendOne<T>(lane: Lane, job: NewJob, read: (answer: EnqueueAnswer) => T): Promise<T> {
    return this.#batcher(lane).sendJob(job, read)
  }

  /**
   * Sends jobs of one lane in as few calls as possible, in order, two shipments ahead of the answers so that the lane is
   * never idle and others' jobs get in between. Rejects with the broker's error where nothing was written, with
   * `OutcomeUnknownError` naming the ids that may be missing where something was. `ahead: false`: each shipment only once
   * the one before it is on the lane.
   */
  async sendMany(lane: Lane, jobs: readonly NewJob[], { ahead } = { ahead: true }): Promise<void> {
    const batcher = this.#batcher(lane)
    const shipments = packShipments(jobs)
    const arrived: boolean[] = []
    let failure: unknown
    let failed = false
    const watch = (shipment: Shipment, position: number): Promise<void> =>
      batcher.send(shipment, position > 0).then(
        () => {
          arrived[position] = true
        },
        (error: unknown) => {
          if (!failed || error instanceof OutcomeUnknownError) failure = error
          failed = true
        },
      )
    let previous: Promise<void> = Promise.resolve()
    for (let position = 0; position < shipments.length && !failed; position++) {
      const next = watch(shipments[position] as Shipment, position)
      await (ahead ? previous : next)
      previous = next
    }
    await previous
    if (!failed) return
    if (!arrived.includes(true) && !(failure instanceof OutcomeUnknownError)) throw failure
    const missing = shipments.filter((_, position) => arrived[position] !== true).flatMap((shipment) => shipment.jobs)
    throw new OutcomeUnknownError({
      what: `enqueue of ${missing.length} of ${jobs.length} jobs on ${laneName(lane)} (the others are on it)`,
      ids: missing.map((job) => job.id),
      cause: failure,
    })
  }

  /** Resolves once nothing waits and nothing is in flight, on any lane. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.#batchers.values(), (batcher) => batcher.idle()))
  }

  #batcher(lane: Lane): LaneBatcher {
    const name = laneName(lane)
    const known = this.#batchers.get(name)
    if (known !== undefined) return known
    const batcher = new LaneBatcher(lane, this.#broker, this.#buffer)
    this.#batchers.set(name, batcher)
    return batcher
  }
}

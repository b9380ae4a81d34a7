import {
  type EnqueueAnswer,
  type Lane,
  laneName,
  type NewJob,
  type ScheduleDelivered,
  type ScheduleDelivery,
  scheduledJob,
} from '@millrace/broker'
import { MAX_BATCH_BYTES, MAX_BATCH_JOBS } from '@millrace/core'
import { CALL } from './dispatch-scope.js'
import type { ScheduleScope } from './schedule-scope.js'
import type { ScheduleShelf } from './schedule-shelf.js'

/** When a tick that waits for an earlier job's end (`overlap: 'queue'`), or whose lane is out of reach, is tried again. */
export const RETRY_MS = 1_000
/** Room for what stands beside the messages in a call. */
const JOB_OVERHEAD_BYTES = 1_000

interface Parcel {
  readonly delivery: ScheduleDelivery
  readonly skips: boolean
  readonly job: NewJob
}

type Fate = 'done' | 'skipped' | 'later'

/** How many schedules were looked at, and how many ticks done with; `retried`: some wait for another try. */
export interface DeliveryStep {
  readonly done: number
  readonly looked: number
  readonly retried: boolean
}

/** By the lane's name. */
type Packed = Map<string, { readonly lane: Lane; readonly parcels: Parcel[] }>

/**
 * Brings the jobs of ticks to their lanes, which may be on another node than the schedules: by an ordinary enqueue under the tick's
 * own id, repeated until it is acknowledged. A repeat finds a duplicate, so a tick makes one job.
 */
export class ScheduleDeliverer {
  readonly #scope: ScheduleScope
  readonly #shelf: ScheduleShelf

  constructor(scope: ScheduleScope, shelf: ScheduleShelf) {
    this.#scope = scope
    this.#shelf = shelf
  }

  /** Brings what the store has noted. */
  async step(): Promise<DeliveryStep> {
    const { schedules, epoch, call } = this.#scope
    return this.bring(await call(() => schedules.deliveries(epoch, CALL)), true)
  }

  /** `early`: some of the ticks may be yet to come. */
  async bring(deliveries: readonly ScheduleDelivery[], early: boolean): Promise<DeliveryStep> {
    const { schedules, epoch, call, tally } = this.#scope
    if (deliveries.length === 0) return { done: 0, looked: 0, retried: false }
    await this.#shelf.fetch(deliveries)
    const fates = await this.#send(this.#pack(deliveries, early))
    const answers = deliveries.map((delivery) => answerOf(delivery, fates.get(delivery) ?? []))
    await call(() => schedules.delivered(epoch, answers, CALL))
    const done = answers.reduce((sum, each) => sum + each.done, 0)
    tally.scheduled += done - answers.reduce((sum, each) => sum + each.skipped, 0)
    return { done, looked: deliveries.length, retried: answers.some((each) => each.retryMs > 0) }
  }

  /** By lane, in order. */
  #pack(deliveries: readonly ScheduleDelivery[], early: boolean): Packed {
    const byLane: Packed = new Map()
    const now = this.#scope.clock.now()
    for (const delivery of deliveries) {
      const definition = this.#shelf.find(delivery.name, delivery.revision)
      if (definition === undefined) continue
      const skips = definition.spec.overlap === 'skip'
      for (const { tick, lane } of delivery.ticks) {
        const name = laneName(lane)
        const packed = byLane.get(name) ?? { lane, parcels: [] }
        byLane.set(name, packed)
        packed.parcels.push({ delivery, skips, job: scheduledJob(definition, tick, { now, early }) })
      }
    }
    return byLane
  }

  async #send(byLane: Packed): Promise<Map<ScheduleDelivery, Fate[]>> {
    const fates = new Map<ScheduleDelivery, Fate[]>()
    const note = ({ delivery }: Parcel, fate: Fate): void => {
      const known = fates.get(delivery)
      if (known === undefined) fates.set(delivery, [fate])
      else known.push(fate)
    }
    const lanes = [...byLane.values()].map(async ({ lane, parcels }) => {
      for (const batch of batches(parcels)) {
        const answers = await this.#enqueue(lane, batch)
        for (const [index, parcel] of batch.entries()) note(parcel, fateOf(answers?.[index], parcel))
      }
    })
    await Promise.all(lanes)
    return fates
  }

  /** `undefined`: nobody knows, or nothing was written. */
  async #enqueue(lane: Lane, batch: readonly Parcel[]): Promise<readonly EnqueueAnswer[] | undefined> {
    const { producer, call, logger } = this.#scope
    const jobs = batch.map((parcel) => parcel.job)
    let sent = false
    try {
      return await call(() => {
        sent = true
        return producer.enqueue(lane, jobs, CALL)
      })
    } catch (error) {
      // Not sent: the term is over, and the caller has to know.
      if (!sent) throw error
      logger.warn(
        { err: error, lane: laneName(lane), jobs: jobs.length },
        'jobs of schedules could not be enqueued; trying again',
      )
      return undefined
    }
  }
}

function fateOf(answer: EnqueueAnswer | undefined, { skips }: Parcel): Fate {
  if (answer === undefined) return 'later'
  if (answer.kind !== 'conflict') return 'done'
  return skips ? 'skipped' : 'later'
}

/** Ticks are done with in their order: one that has to wait holds up those behind it. */
function answerOf({ name, ticks }: ScheduleDelivery, fates: readonly Fate[]): ScheduleDelivered {
  const wait = fates.indexOf('later')
  const settled = wait < 0 ? fates : fates.slice(0, wait)
  return {
    name,
    first: ticks[0]?.tick ?? 0,
    done: settled.length,
    skipped: settled.filter((fate) => fate === 'skipped').length,
    retryMs: settled.length === ticks.length ? 0 : RETRY_MS,
  }
}

function batches(parcels: readonly Parcel[]): Parcel[][] {
  const found: Parcel[][] = []
  let batch: Parcel[] = []
  let bytes = 0
  for (const parcel of parcels) {
    const size = Buffer.byteLength(parcel.job.message) + JOB_OVERHEAD_BYTES
    if (batch.length === MAX_BATCH_JOBS || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
      found.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(parcel)
    bytes += size
  }
  if (batch.length > 0) found.push(batch)
  return found
}

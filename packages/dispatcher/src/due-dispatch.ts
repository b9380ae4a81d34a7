import type { DispatchPort, Epoch, ProducerPort, SchedulesPort } from '@millrace/broker'
import type { Clock, Logger } from '@millrace/core'
import { CALL } from './dispatch-scope.js'
import { outboxDrainer } from './outbox-drainer.js'
import { promoter } from './promoter.js'
import { reclaimer } from './reclaimer.js'
import { ScheduleDeliverer } from './schedule-deliverer.js'
import { ScheduleFirer } from './schedule-firer.js'
import { ScheduleShelf } from './schedule-shelf.js'
import { newTally } from './tally.js'

export interface DueDispatchOptions {
  readonly broker: {
    readonly dispatch: DispatchPort
    readonly schedules?: SchedulesPort
    readonly producer: ProducerPort
  }
  readonly epoch: Epoch
  readonly clock: Clock
  readonly logger: Logger
}

/** A dispatcher for a store whose clock somebody else moves: no lock, no timers; does what is due when it is told to. */
export class DueDispatch {
  readonly #options: DueDispatchOptions
  readonly #tally = newTally()
  readonly #firer: ScheduleFirer | undefined
  readonly #deliverer: ScheduleDeliverer | undefined

  constructor(options: DueDispatchOptions) {
    this.#options = options
    const { schedules, producer } = options.broker
    if (schedules === undefined) return
    const scope = { ...options, schedules, producer, tally: this.#tally, call: <T>(run: () => Promise<T>) => run() }
    const shelf = new ScheduleShelf(scope)
    this.#firer = new ScheduleFirer(scope, shelf)
    this.#deliverer = new ScheduleDeliverer(scope, shelf)
  }

  /** Does everything that is due now. True when there was something. */
  async run(): Promise<boolean> {
    const { broker, epoch } = this.#options
    let did = await this.#runSchedules()
    for (const lane of await broker.dispatch.lanes()) {
      const scope = { dispatch: broker.dispatch, lane, epoch }
      for (const duty of [
        promoter(scope, this.#tally),
        reclaimer(scope, this.#tally),
        outboxDrainer(scope, this.#tally),
      ]) {
        for (let more = true; more; ) {
          const step = await duty.step()
          did ||= step.done > 0
          more = step.more
        }
      }
    }
    return did
  }

  /** When something is due next, ms by the store's clock; `undefined`: nothing is planned. */
  async nextAt(): Promise<number | undefined> {
    const { broker, epoch } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const lane of await broker.dispatch.lanes()) {
      const { now, dueAt, sweepAt, outbox } = await broker.dispatch.agenda(lane, epoch, CALL)
      if (outbox > 0) return now
      next = Math.min(next, dueAt ?? next, sweepAt ?? next)
    }
    if (broker.schedules !== undefined) {
      const { now, due, dueAt, deliverAt } = await broker.schedules.agenda(epoch, 0, CALL)
      if (due.length > 0) return now
      next = Math.min(next, dueAt ?? next, deliverAt ?? next)
    }
    return next === Number.POSITIVE_INFINITY ? undefined : next
  }

  async #runSchedules(): Promise<boolean> {
    let did = false
    for (let more = this.#firer !== undefined; more; ) {
      const step = await (this.#firer as ScheduleFirer).step()
      did ||= step.fired > 0
      more = step.more
    }
    for (let more = this.#deliverer !== undefined; more; ) {
      const step = await (this.#deliverer as ScheduleDeliverer).step()
      did ||= step.done > 0
      more = step.looked > 0 && step.done > 0
    }
    return did
  }
}

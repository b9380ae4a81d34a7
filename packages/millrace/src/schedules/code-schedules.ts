import type { ScheduleDefinition, ScheduledCall } from '@millrace/broker'
import type { Callable } from '@millrace/client'
import { checkName, InvalidOptionError, parseSchedule, type ScheduleOptions, type ScheduleSpec } from '@millrace/core'

interface CodeSchedule {
  readonly spec: ScheduleSpec
  readonly call: ScheduledCall | Promise<ScheduledCall>
}

/** The schedules that an app's code defines, checked when they are. */
export class CodeSchedules {
  readonly #byName = new Map<string, CodeSchedule>()
  readonly #callOf: (name: string, call: Callable) => ScheduledCall | Promise<ScheduledCall>

  constructor(callOf: (name: string, call: Callable) => ScheduledCall | Promise<ScheduledCall>) {
    this.#callOf = callOf
  }

  get size(): number {
    return this.#byName.size
  }

  add(name: string, options: ScheduleOptions, callable: Callable): void {
    checkName('schedule', name)
    if (this.#byName.has(name)) {
      throw new InvalidOptionError({ option: 'schedule', found: name, expected: 'a name that no other schedule has' })
    }
    const spec = parseSchedule(options)
    const call = this.#callOf(name, callable)
    // Whoever stores it gets to see the rejection.
    if (call instanceof Promise) call.catch(() => undefined)
    this.#byName.set(name, { spec, call })
  }

  /** By name, so that the same code gives the same list. Rejects where an asynchronous schema refuses an input. */
  async definitions(owner: string): Promise<ScheduleDefinition[]> {
    const names = [...this.#byName.keys()].sort()
    return Promise.all(
      names.map(async (name) => {
        const { spec, call } = this.#byName.get(name) as CodeSchedule
        return { name, spec, call: await call, owner }
      }),
    )
  }
}

import { MAX_SCHEDULES_A_CALL, type ScheduleDefinition } from '@millrace/broker'
import { CALL } from './dispatch-scope.js'
import type { ScheduleScope } from './schedule-scope.js'

interface Shelved {
  readonly revision: string
  readonly definition: ScheduleDefinition
}

/** More than that are read again when they are due. */
const MOST_KEPT = 20_000

/** The definitions that a term has read: each once per revision, however often it ticks. */
export class ScheduleShelf {
  readonly #scope: ScheduleScope
  readonly #shelved = new Map<string, Shelved>()

  constructor(scope: ScheduleScope) {
    this.#scope = scope
  }

  /** Reads what is not known yet. A schedule that was changed or removed meanwhile stays unknown. */
  async fetch(wanted: readonly { readonly name: string; readonly revision: string }[]): Promise<void> {
    const missing = wanted.filter(({ name, revision }) => this.find(name, revision) === undefined)
    if (this.#shelved.size + missing.length > MOST_KEPT) this.#shelved.clear()
    for (let from = 0; from < missing.length; from += MAX_SCHEDULES_A_CALL) {
      const names = missing.slice(from, from + MAX_SCHEDULES_A_CALL).map((each) => each.name)
      const { schedules } = await this.#scope.call(() => this.#scope.schedules.read(names, CALL))
      for (const stored of schedules) {
        if (stored === undefined) continue
        const { name, spec, call, revision } = stored
        this.#shelved.set(name, { revision, definition: { name, spec, call } })
      }
    }
  }

  find(name: string, revision: string): ScheduleDefinition | undefined {
    const shelved = this.#shelved.get(name)
    return shelved?.revision === revision ? shelved.definition : undefined
  }
}

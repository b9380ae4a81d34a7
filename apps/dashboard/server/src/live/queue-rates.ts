import type { QueueView } from '@millrace/monitor'
import type { Reading } from './store-readings.js'

export interface Rates {
  readonly succeeded: number
  readonly retried: number
  readonly failed: number
}

type Look = Reading<ReadonlyMap<string, Rates>>

/** A rate is over the last minute, or what of it was seen. */
const WINDOW_MS = 60_000
const MIN_MS = 500

/** Jobs a second, from the totals of the looks that were taken anyway. */
export class QueueRates {
  #looks: Look[] = []

  note({ at, value }: Reading<readonly QueueView[]>): void {
    if (this.#looks.at(-1)?.at === at) return
    this.#looks.push({ at, value: new Map(value.map(({ queue, totals }) => [queue, totals])) })
    this.#looks = this.#looks.filter((look, index) => at - look.at <= WINDOW_MS || index >= this.#looks.length - 2)
  }

  /** Null until two looks were taken. */
  of(queue: string): Rates | null {
    return this.#since(this.#looks[0], (look) => look.get(queue))
  }

  /** All queues, since the look before. */
  latest(): Rates | null {
    return this.#since(this.#looks.at(-2), (look) => sum([...look.values()]))
  }

  #since(from: Look | undefined, pick: (look: ReadonlyMap<string, Rates>) => Rates | undefined): Rates | null {
    const to = this.#looks.at(-1)
    if (from === undefined || to === undefined || to.at - from.at < MIN_MS) return null
    const before = pick(from.value)
    const after = pick(to.value)
    if (before === undefined || after === undefined) return null
    const seconds = (to.at - from.at) / 1000
    const rate = (name: keyof Rates) => Math.max(0, Math.round(((after[name] - before[name]) / seconds) * 100) / 100)
    return { succeeded: rate('succeeded'), retried: rate('retried'), failed: rate('failed') }
  }
}

function sum(rates: readonly Rates[]): Rates {
  const of = (name: keyof Rates) => rates.reduce((total, each) => total + each[name], 0)
  return { succeeded: of('succeeded'), retried: of('retried'), failed: of('failed') }
}

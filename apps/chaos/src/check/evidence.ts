import type { AppReading } from './app-reading.js'
import type { EffectsInStore } from './effect-register.js'
import type { LaneReading } from './lane-reading.js'
import type { ProducerLedger } from './producer-ledger.js'
import type { Effects } from './read-effects.js'

/** Everything known of a run whose faults are over and whose queue was given time to drain. */
export interface Evidence {
  readonly producer: ProducerLedger
  readonly effects: Effects
  readonly lane: LaneReading
  readonly app: AppReading
  /** What the store outside the queue has taken. */
  readonly store: EffectsInStore
  /** Kept outcomes, by id. */
  readonly outcomes: ReadonlyMap<string, string>
  readonly drained: boolean
  /** Crashes at which a job fails. */
  readonly maxCrashes: number
  readonly maxAttempts: number
  /** When Redis lost what it had acknowledged, by design of the fault: how, and the moments (ms since the epoch). */
  readonly storeLoss: StoreLoss | undefined
  /** A clock was moved: what is said in wall time cannot be compared. */
  readonly clockMoved: boolean
  /** One worker at concurrency 1: jobs start in the order of their enqueue. */
  readonly oneByOne: boolean
}

export interface StoreLoss {
  readonly how: 'emptied' | 'failed over'
  readonly at: readonly number[]
}

/** Examples for a message. */
export function some(list: readonly string[]): string {
  return list.slice(0, 3).join(', ')
}

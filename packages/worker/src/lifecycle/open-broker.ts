import type { Broker } from '@millrace/broker'
import { ERROR_CATALOGUE, MillraceError } from '@millrace/core'
import type { BrokerHealth } from './broker-health.js'
import type { ConditionWatch } from './condition-watch.js'

export interface BrokerOpening {
  readonly open: () => Promise<Broker>
  /** Whoever started the worker no longer waits. */
  readonly over: () => boolean
  /** Ms until the next try. */
  readonly pause: () => number
  readonly health: BrokerHealth
  readonly watch: ConditionWatch
}

/** Tries until there is a broker; `undefined` when it was over before. Rejects for what trying again cannot mend. */
export async function openBroker({ open, over, pause, health, watch }: BrokerOpening): Promise<Broker | undefined> {
  while (!over()) {
    const opening = outcomeOf(open(), () => watch.changed())
    await watch.until(() => over() || opening.done, FOR_EVER_MS)
    if (!opening.done) return undefined
    if (opening.value !== undefined) {
      health.answered('broker')
      return opening.value
    }
    if (isHopeless(opening.error)) throw opening.error
    health.failed('broker', opening.error)
    await watch.until(over, pause())
  }
  return undefined
}

/** Longer than any process lives, short enough for a timer. */
export const FOR_EVER_MS = 2 ** 31 - 1

/** Errors that trying again cannot mend. */
export function isHopeless(error: unknown): boolean {
  return error instanceof MillraceError && !ERROR_CATALOGUE[error.code].retryable
}

interface Outcome<T> {
  done: boolean
  value: T | undefined
  error: unknown
}

/** What a promise came to, readable at any time: for waits that something else may end first. */
function outcomeOf<T>(promise: Promise<T>, changed: () => void): Outcome<T> {
  const outcome: Outcome<T> = { done: false, value: undefined, error: undefined }
  promise
    .then(
      (value) => Object.assign(outcome, { done: true, value }),
      (error: unknown) => Object.assign(outcome, { done: true, error }),
    )
    .finally(changed)
  return outcome
}

import { BrokerUnavailableError } from '@millrace/core'
import type { TimerSource } from '../timer-source.js'

/** A call whose driver throws instead of rejecting is treated the same. */
export function call<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return fn()
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Rejects with `BrokerUnavailableError` when there is no answer after `ms`. The driver's own timeout should have come first. */
export function bounded<T>(answer: Promise<T>, limit: { what: string; ms: number; timers: TimerSource }): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = limit.timers.after(limit.ms, () => {
      reject(new BrokerUnavailableError({ what: `${limit.what} (never answered)` }))
    })
    answer.then(resolve, reject).finally(() => timer.cancel())
  })
}

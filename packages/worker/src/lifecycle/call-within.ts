import type { TimerSource } from '../timer-source.js'

/** Makes a call that must not hold up a shutdown: never rejects, never takes longer than `ms`. Says what went wrong. */
export function callWithin(timers: TimerSource, ms: number, call: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = timers.after(ms, () => resolve(new Error(`no answer within ${ms} ms`)), true)
    const done = (error: unknown) => {
      timer.cancel()
      resolve(error)
    }
    new Promise((called) => called(call())).then(
      () => done(undefined),
      (error: unknown) => done(error ?? new Error('rejected with nothing')),
    )
  })
}

/** Time as the code sees it; passed in so that tests can move it. */
export interface Clock {
  /** Wall time, ms since the epoch. For what is stored or shown. */
  now(): number
  /** Monotonic time, ms. For durations and deadlines inside one process. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

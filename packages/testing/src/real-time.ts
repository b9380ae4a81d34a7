// Taken once, so that a test's fake timers stop neither the worker nor the kit.
const { setImmediate: nextTurn, setTimeout: later, performance: stopwatch } = globalThis
const nextTick = process.nextTick.bind(process)

/** Real time, for waiting on what is really asynchronous. */
export const realTime = {
  /** Monotonic ms. */
  now: () => stopwatch.now(),
  turn: () => new Promise<void>((resolve) => nextTurn(resolve)),
  pause: (ms: number) => new Promise<void>((resolve) => later(resolve, ms)),
  soon: (fn: () => void) => void nextTurn(fn),
  next: (fn: () => void) => nextTick(fn),
} as const

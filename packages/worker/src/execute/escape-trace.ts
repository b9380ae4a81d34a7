import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attempt } from '../attempt.js'

const running = new AsyncLocalStorage<Attempt>()

/**
 * Whether anybody in this process takes in what escapes from handlers. Where nobody does, it ends the process at once; then tracing,
 * about 170 ns an attempt, would be for nothing.
 */
export function escapesAreHeard(): boolean {
  return process.listenerCount('uncaughtException') > 0 || process.listenerCount('unhandledRejection') > 0
}

/** Runs `start` so that whatever it leaves behind (timers, callbacks, promises that nobody awaits) is known to be this attempt's. */
export function traced<Rest extends unknown[]>(
  attempt: Attempt,
  start: (attempt: Attempt, ...rest: Rest) => void,
  ...rest: Rest
): void {
  running.run(attempt, start, attempt, ...rest)
}

/** Inside a listener for what escaped, before it awaits anything: the attempt that it escaped from, where that is known. */
export function escapedFrom(): Attempt | undefined {
  return running.getStore()
}

import { parseDuration } from '../duration/parse-duration.js'
import type { Backoff } from './backoff.js'

/**
 * How long to wait before the next attempt, whole ms. `attempt` is the one that failed, from 1; `random` gives 0 … 1.
 * Throws what a custom backoff throws, and `InvalidOptionError` when it answers no duration.
 */
export function backoffDelay(
  backoff: Backoff,
  attempt: number,
  error: unknown,
  random: () => number = Math.random,
): number {
  switch (backoff.kind) {
    case 'fixed':
      return backoff.delayMs
    case 'custom':
      return parseDuration(backoff.delay(attempt, error), 'retry.backoff')
    case 'exponential':
      return Math.round(jittered(backoff, attempt, random))
  }
}

function jittered(backoff: Backoff & { kind: 'exponential' }, attempt: number, random: () => number): number {
  if (backoff.initialMs === 0) return 0
  const ceiling = Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** (attempt - 1))
  switch (backoff.jitter) {
    case 'none':
      return ceiling
    case 'full':
      return ceiling * random()
    case 'equal':
      return ceiling / 2 + (ceiling / 2) * random()
  }
}

import type { Attempt } from './attempt.js'
import { escapedFrom } from './execute/escape-trace.js'
import type { Runner } from './execute/runner.js'

/**
 * Which jobs an error may have escaped from. Known: that one alone, and its attempt fails of the error, whatever its handler still
 * does; it may wait for ever for what was cut off. Unknown: every job that runs.
 */
export function blameEscape(error: unknown, runner: Runner, attempts: readonly Attempt[]): string[] {
  const culprit = escapedFrom()
  if (culprit !== undefined && attempts.includes(culprit)) {
    runner.escaped(culprit, error)
    return [culprit.reservation.id]
  }
  const ids = attempts.map((attempt) => attempt.reservation.id)
  const current = runner.currentJobId
  return current === undefined ? ids : [current, ...ids]
}

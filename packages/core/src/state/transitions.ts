/** Every state a job can be in, and what may follow what. Drawn in docs/STATES.md. */
export const TRANSITIONS = {
  scheduled: ['ready', 'cancelled', 'expired', 'failed'],
  ready: ['running', 'cancelled', 'expired'],
  running: ['succeeded', 'failed', 'cancelled', 'retrying', 'ready', 'scheduled'],
  retrying: ['ready', 'cancelled', 'expired'],
  succeeded: [],
  failed: ['ready', 'scheduled'],
  cancelled: [],
  expired: [],
} as const satisfies Record<string, readonly string[]>

export type JobState = keyof typeof TRANSITIONS
export type TerminalState = 'succeeded' | 'failed' | 'cancelled' | 'expired'

/** `unknown`: an id that left no trace. */
export type ObservedState = JobState | 'unknown'

export const TERMINAL_STATES: readonly TerminalState[] = ['succeeded', 'failed', 'cancelled', 'expired']

export function isTerminal(state: ObservedState): state is TerminalState {
  return (TERMINAL_STATES as readonly string[]).includes(state)
}

export function mayFollow(from: JobState, to: JobState): boolean {
  return (TRANSITIONS[from] as readonly string[]).includes(to)
}

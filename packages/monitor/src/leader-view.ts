import type { LeaderView as StoredTerm } from '@millrace/broker'
import { callOptions, type MonitorScope } from './monitor-scope.js'

/** The dispatcher of the last term. */
export interface LeaderView {
  readonly candidate: string
  readonly host: string
  readonly pid: number
  /** The term's fencing number. */
  readonly epoch: number
  /** When the term began, ms since the epoch. */
  readonly since: number
  /** When it ended; null while it lasts, and when its leader ended without a word. */
  readonly endedAt: number | null
  /** The terms before it, newest first, at most 100. `endedAt` null: its leader ended without a word. */
  readonly past: readonly PastTerm[]
}

export type PastTerm = Omit<LeaderView, 'past'>

/** Null when no dispatcher ever led. */
export async function readLeader(scope: MonitorScope): Promise<LeaderView | null> {
  const broker = await scope.broker()
  const leader = await broker.inspect.leader(callOptions(scope))
  if (leader === undefined) return null
  const past = (await broker.inspect.pastTerms?.(callOptions(scope))) ?? []
  return { ...viewTerm(leader), past: past.map(viewTerm) }
}

function viewTerm({ candidate, host, pid, epoch, since, endedAt }: StoredTerm): PastTerm {
  return { candidate, host, pid, epoch, since, endedAt: endedAt ?? null }
}

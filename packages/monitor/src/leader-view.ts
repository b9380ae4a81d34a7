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
}

/** Null when no dispatcher ever led. */
export async function readLeader(scope: MonitorScope): Promise<LeaderView | null> {
  const broker = await scope.broker()
  const leader = await broker.inspect.leader(callOptions(scope))
  if (leader === undefined) return null
  const { candidate, host, pid, epoch, since, endedAt } = leader
  return { candidate, host, pid, epoch, since, endedAt: endedAt ?? null }
}

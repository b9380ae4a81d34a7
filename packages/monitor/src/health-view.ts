import type { Finding } from '@millrace/broker'
import { callOptions, type MonitorScope } from './monitor-scope.js'

/** One finding of a health check. */
export interface FindingView {
  readonly level: Finding['level']
  /** Stable, e.g. `eviction-policy`. */
  readonly code: string
  readonly what: string
  /** What to do about it; null for `ok`. */
  readonly fix: string | null
}

export interface HealthView {
  /** False when a finding is an error. */
  readonly ok: boolean
  /** Errors first, then warnings, then what is fine. */
  readonly findings: readonly FindingView[]
}

const ORDER = { error: 0, warning: 1, ok: 2 } as const

export async function readHealth(scope: MonitorScope): Promise<HealthView> {
  const broker = await scope.broker()
  return viewHealth(await broker.inspect.health(callOptions(scope)))
}

/** Also for findings of a caller's own, e.g. what `millrace doctor` sees of the machine. */
export function viewHealth(findings: readonly Finding[]): HealthView {
  const views = findings.map(({ level, code, what, fix }) => ({ level, code, what, fix: fix ?? null }))
  views.sort((a, b) => ORDER[a.level] - ORDER[b.level])
  return { ok: views.every((finding) => finding.level !== 'error'), findings: views }
}

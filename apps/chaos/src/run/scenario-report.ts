import type { Invariant } from '../check/findings.js'

/** What `--json` writes per scenario, and nothing else. */
export interface ScenarioReport {
  readonly scenario: string
  readonly seed: number
  /** That producers have enqueued. */
  readonly jobs: number
  readonly faults: number
  /** Acknowledged jobs that are neither done nor anywhere. */
  readonly lost: number
  /** Jobs that were still somewhere after the drain. */
  readonly stuck: number
  /** Executed ids that nobody had enqueued. */
  readonly unexpected: number
  readonly settledTwice: number
  /** Executions beyond a job's first. */
  readonly effectsRepeated: number
  /** Verdicts that the store refused because the job was no longer theirs. */
  readonly staleRefused: number
  readonly recoveryMs: { readonly p50: number; readonly p99: number; readonly max: number }
  /** 'ok', what broke it, or 'n/a: ' and the reason. */
  readonly invariants: Readonly<Record<Invariant, string>>
}

/** A report, and what only the person at the terminal is told. */
export interface RunResult {
  readonly report: ScenarioReport
  /** Every violation found. Empty: passed. */
  readonly violations: readonly string[]
  readonly seconds: number
  /** The scenario's own figures. */
  readonly details: Readonly<Record<string, unknown>>
}

export function passed(result: RunResult): boolean {
  return result.violations.length === 0
}

export function summary({ report }: RunResult): string {
  const { lost, stuck, unexpected, settledTwice, effectsRepeated, staleRefused, recoveryMs } = report
  const figures = { lost, stuck, unexpected, settledTwice, effectsRepeated, staleRefused }
  const text = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`)
  text.push(`recovery p50 ${recoveryMs.p50} p99 ${recoveryMs.p99} max ${recoveryMs.max} ms`)
  return text.join(', ')
}

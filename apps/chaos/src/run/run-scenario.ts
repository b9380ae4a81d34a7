import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkloadName } from '../workloads/workload-catalogue.js'
import type { Coordination, Scenario, ScenarioSize, Stage } from './scenario.js'
import { passed, type RunResult, type ScenarioReport } from './scenario-report.js'
import { SeededRandom } from './seeded-random.js'

export interface RunOrder {
  readonly seed: number
  readonly size: ScenarioSize
  /** Default: the scenario's own. */
  readonly workload?: WorkloadName | undefined
  /** Default 'redlock'. */
  readonly coordinator?: Coordination
  /** See `Stage`. Default 0. */
  readonly busyMs?: number
  /** Told what goes on. */
  readonly say: (line: string) => void
  /** Ends the run early: what it started ends first, then the call rejects. */
  readonly signal?: AbortSignal
}

/** Runs one scenario. Whatever it started has ended when this settles; its folder stays where it did not pass. */
export async function runScenario(scenario: Scenario, order: RunOrder): Promise<RunResult> {
  const {
    seed,
    size,
    say,
    signal,
    coordinator = 'redlock',
    busyMs = 0,
    workload = scenario.workload ?? 'no-op',
  } = order
  const dir = mkdtempSync(join(tmpdir(), `millrace-chaos-${scenario.name}-`))
  const ends: (() => unknown)[] = []
  const stage: Stage = {
    ...size,
    seed,
    workload,
    coordinator,
    busyMs,
    random: new SeededRandom(seed),
    dir,
    say,
    defer: (end) => ends.push(end),
  }
  const startedAt = performance.now()
  let keep = true
  try {
    const running = scenario.run(stage)
    const findings = await Promise.race([running, aborted(signal)])
    const report: ScenarioReport = {
      scenario: scenario.name,
      seed,
      jobs: findings.jobs,
      faults: size.faults,
      lost: findings.lost,
      stuck: findings.stuck,
      unexpected: findings.unexpected,
      settledTwice: findings.settledTwice,
      effectsRepeated: findings.effectsRepeated,
      staleRefused: findings.staleRefused,
      recoveryMs: findings.recoveryMs(),
      invariants: findings.invariants(),
    }
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10
    const result: RunResult = { report, violations: findings.violations, seconds, details: findings.details }
    keep = !passed(result)
    return result
  } finally {
    for (const end of ends.reverse())
      await Promise.resolve()
        .then(end)
        .catch((error: unknown) => say(`at the end: ${String(error)}`))
    if (keep && signal?.aborted !== true) say(`ledgers and logs are kept in ${dir}`)
    else rmSync(dir, { recursive: true, force: true })
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

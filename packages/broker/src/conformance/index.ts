import { afterAll, describe, it } from 'vitest'
import type { Broker } from '../ports/broker.js'
import { alarmCases } from './alarm-cases.js'
import { auditCases } from './audit-cases.js'
import { begunCases } from './begun-cases.js'
import { cancelCases } from './cancel-cases.js'
import type { ConformanceTheme } from './conformance-case.js'
import { controlCases } from './control-cases.js'
import { delayedCases } from './delayed-cases.js'
import { doorCases } from './door-cases.js'
import { enqueueCases } from './enqueue-cases.js'
import { epochCases } from './epoch-cases.js'
import { exchangeCases } from './exchange-cases.js'
import { expiryCases } from './expiry-cases.js'
import { inspectCases } from './inspect-cases.js'
import { joinCases } from './join-cases.js'
import { joinFailureCases } from './join-failure-cases.js'
import { leaseCases } from './lease-cases.js'
import { namedIdCases } from './named-id-cases.js'
import { pauseCases } from './pause-cases.js'
import { poisonCases } from './poison-cases.js'
import { priorityCases } from './priority-cases.js'
import { reconcileCases } from './reconcile-cases.js'
import { releaseCases } from './release-cases.js'
import { reportCases } from './report-cases.js'
import { resultCases } from './result-cases.js'
import { retryCases } from './retry-cases.js'
import { Scene } from './scene.js'
import { scheduleCases } from './schedule-cases.js'
import { seriesCases } from './series-cases.js'
import { settleCases } from './settle-cases.js'
import { signInCases } from './sign-in-cases.js'
import { uniqueCases } from './unique-cases.js'
import { wakeCases } from './wake-cases.js'

const THEMES: Readonly<Record<string, ConformanceTheme>> = {
  enqueue: enqueueCases,
  exchange: exchangeCases,
  settle: settleCases,
  retry: retryCases,
  release: releaseCases,
  priority: priorityCases,
  'named ids': namedIdCases,
  unique: uniqueCases,
  delayed: delayedCases,
  expiry: expiryCases,
  cancel: cancelCases,
  'lease and reclaim': leaseCases,
  poison: poisonCases,
  begun: begunCases,
  reconcile: reconcileCases,
  'results and waiters': resultCases,
  reports: reportCases,
  joins: joinCases,
  'joins that fail': joinFailureCases,
  control: controlCases,
  inspect: inspectCases,
  series: seriesCases,
  audit: auditCases,
  'sign-ins': signInCases,
  epochs: epochCases,
  pause: pauseCases,
  wake: wakeCases,
  door: doorCases,
  alarm: alarmCases,
  'schedules and terms': scheduleCases,
}

const DEFAULT_TIMEOUT_MS = 20_000

export interface ConformanceHarness {
  /** A new broker on this app; several on one app must see the same jobs. The suite closes what it opened. */
  open(scope: { readonly app: string }): Promise<Broker>
  /** Runs after the last case. */
  close?(): Promise<void>
  /** Cases that this broker does not pass, by id, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>
}

/**
 * Registers the suite that every broker passes, as vitest cases: each in an app of its own, through the ports alone,
 * in real time.
 *
 * @throws Error for a skip that names no case
 */
export function brokerConformance(name: string, harness: ConformanceHarness): void {
  const skips = new Map(Object.entries(harness.skips ?? {}))
  const known = new Set(Object.values(THEMES).flatMap((theme) => Object.keys(theme)))
  for (const id of skips.keys()) if (!known.has(id)) throw new Error(`no conformance case is called '${id}'`)
  describe(`${name} broker conformance`, () => {
    afterAll(async () => harness.close?.())
    for (const [theme, cases] of Object.entries(THEMES)) {
      describe(theme, () => {
        for (const [id, conformanceCase] of Object.entries(cases)) {
          const reason = skips.get(id)
          if (reason !== undefined) {
            it(`${id} (skipped: ${reason})`, (context) => context.skip(reason))
            continue
          }
          const run = typeof conformanceCase === 'function' ? conformanceCase : conformanceCase.run
          const timeout = typeof conformanceCase === 'function' ? DEFAULT_TIMEOUT_MS : conformanceCase.timeoutMs
          it(id, { timeout }, () => playCase(harness, run))
        }
      })
    }
  })
}

let played = 0

async function playCase(harness: ConformanceHarness, run: (scene: Scene) => Promise<void>): Promise<void> {
  played += 1
  const app = `conform-${process.pid}-${Date.now().toString(36)}-${played}`
  const scene = new Scene(() => harness.open({ app }))
  try {
    await scene.begin()
    await run(scene)
  } finally {
    await scene.end()
  }
}

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, test } from 'vitest'
import type { Coordinator } from '../coordinator.js'
import { Candidate } from './candidate.js'
import type { CaseScene, CoordinatorCase } from './coordinator-case.js'
import { ELECTION_CASES } from './election-cases.js'
import { LOCK_CASES } from './lock-cases.js'

export type CoordinatorCaseName = keyof typeof ELECTION_CASES | keyof typeof LOCK_CASES

export interface CoordinatorConformance {
  /** Another coordinator over the same store: what another process would have. */
  create(): Promise<Coordinator> | Coordinator
  /** Cases that this driver cannot pass, each with the reason. */
  readonly skips?: Partial<Record<CoordinatorCaseName, string>>
}

/** What every coordinator must pass. Call inside a vitest file. */
export function coordinatorConformance(name: string, driver: CoordinatorConformance): void {
  const cases: Record<string, CoordinatorCase> = { ...ELECTION_CASES, ...LOCK_CASES }
  const skips: Record<string, string | undefined> = driver.skips ?? {}
  describe(`${name}: coordinator conformance`, () => {
    let opened: Coordinator[] = []
    let candidates: Candidate[] = []
    beforeEach(() => {
      opened = []
      candidates = []
    })
    afterEach(async () => {
      await Promise.all(candidates.map((candidate) => candidate.stop()))
      await Promise.all(opened.map((coordinator) => coordinator.close()))
    })
    for (const [title, run] of Object.entries(cases)) {
      const reason = skips[title]
      test.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, async () => {
        const scene: CaseScene = {
          name: `conformance-${randomUUID()}`,
          another: async () => {
            const coordinator = await driver.create()
            opened.push(coordinator)
            return coordinator
          },
          candidate: (options) => {
            const candidate = new Candidate({ name: scene.name, ttlMs: 2_000, ...options })
            candidates.push(candidate)
            return candidate
          },
        }
        await run(scene)
      })
    }
  })
}

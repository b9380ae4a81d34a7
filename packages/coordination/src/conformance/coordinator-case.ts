import type { Coordinator } from '../coordinator.js'
import type { Candidate } from './candidate.js'

/** What a case plays in. Everything it opens is ended afterwards. */
export interface CaseScene {
  /** A name for elections and locks that no other case uses. */
  readonly name: string
  another(): Promise<Coordinator>
  /** A campaigning candidate; TTL 2,000 ms unless told otherwise. */
  candidate(options: { coordinator: Coordinator; candidate: string; ttlMs?: number }): Candidate
}

/** Throws (an assertion) when the coordinator breaks the rule. */
export type CoordinatorCase = (scene: CaseScene) => Promise<void>
